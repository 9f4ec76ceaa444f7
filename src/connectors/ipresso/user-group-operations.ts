import type { Given, Settled, StepContext } from "../connector.ts";
import { recordIn, settledBy, textIn } from "../inputs.ts";
import { groupNow, groupsNamed } from "./actual.ts";
import { inspectGroup } from "./inspect.ts";
import type { IpressoOperation } from "./kind.ts";
import type { LabelsOfIpresso } from "./labels.ts";
import { acceptObserved, acceptTold } from "./observed.ts";
import { permissionsNamed } from "./permissions.ts";
import type { IpressoReader } from "./reader.ts";
import { goneWord, seen } from "./screens.ts";
import {
  adoptGroupScreen,
  changeGroupScreen,
  createGroupScreen,
  deleteGroupScreen,
  observeGroupScreen,
} from "./screens-user-group.ts";
import { permissionsTold, sameTexts } from "./told.ts";
import { readBack } from "./verify.ts";

/** What can be done to a group. */
export function groupOperations(labels: LabelsOfIpresso): Record<string, IpressoOperation> {
  return {
    observe: {
      screen: (step, system) => observeGroupScreen(labels(system), step, system),
      accept: async (context, given) => acceptObserved(context, given, "user group"),
    },
    create: {
      creates: true,
      screen: (step, system) => createGroupScreen(labels(system), step, system),
      ...readBack(
        settleCreated,
        (context) => ({ id: textIn(context, "name") }),
        (context, fields) => fields[seen] === textIn(context, "name"),
      ),
    },
    adopt: {
      screen: (step, system) => adoptGroupScreen(labels(system), step, system),
      accept: async (context, given) => acceptTold(context, given, permissionsTold(given.fields)),
    },
    update: {
      // A name that changes late would leave a group that nobody knows any more.
      creates: true,
      screen: (step, system) => changeGroupScreen(labels(system), step, system),
      ...readBack(settleUpdated, (context) => ({ id: nameAfter(context) }), seesPermissions),
    },
    delete: {
      screen: (step, system) => deleteGroupScreen(labels(system), step, system),
      ...readBack(
        settleDeleted,
        () => ({}),
        (_context, fields) => fields[seen] === goneWord,
      ),
    },
    inspect: inspectGroup(labels),
  };
}

/** Names may repeat: with two of them nobody can say which one is ours, and a third must not follow (IPR-12). */
async function settleCreated(context: StepContext, reader: IpressoReader): Promise<Settled> {
  const name = textIn(context, "name");
  const count = await groupsNamed(reader, name);
  if (count > 1) {
    const because = `there are ${count} user groups named ${name}, and nothing tells them apart (IPR-12)`;
    return { verdict: "unknown", because: `${because}: rename or delete all but one at the console` };
  }
  return count === 1 ? { verdict: "done", outcome: { id: name } } : { verdict: "not-done" };
}

async function settleUpdated(context: StepContext, reader: IpressoReader): Promise<Settled> {
  const after = nameAfter(context);
  const group = await groupNow(reader, after);
  if (!group) return { verdict: "not-done" };
  const { permissions } = recordIn(context, "changes");
  const isSame = permissions === undefined || sameTexts(group.attributes.permissions, permissions);
  return isSame ? { verdict: "done", outcome: { id: after } } : { verdict: "not-done" };
}

async function settleDeleted(context: StepContext, reader: IpressoReader): Promise<Settled> {
  return settledBy((await groupsNamed(reader, textIn(context, "name"))) === 0);
}

/** The form was opened again by the name that it should have. */
function seesPermissions(context: StepContext, fields: Given["fields"], reader: IpressoReader): boolean {
  const { permissions } = recordIn(context, "changes");
  const names = (fields[seen] ?? "").split("\n").filter((line) => line !== "");
  return permissions === undefined || sameTexts(permissionsNamed(reader.label, names), permissions);
}

function nameAfter(context: StepContext): string {
  const { name } = recordIn(context, "changes");
  return typeof name === "string" ? name : textIn(context, "name");
}
