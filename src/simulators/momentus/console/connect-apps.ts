import { badge, formEnd, menuButton, postForm, table, textField } from "../../console/controls.ts";
import { noSuchPage, PageRefusal, redirect } from "../../console/frame.ts";
import { type Content, type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import {
  AppRefusal,
  approveApp,
  configureApp,
  declineApp,
  disableApp,
  enableApp,
  enterConnectApiUser,
  isEnvironmentName,
  needsConnectApiUser,
  removeApp,
} from "../connect.ts";
import type { AppRecord, AppStatus } from "../records.ts";
import { dashboardPath, dashboardTabs, tenantForm } from "./connect-customers.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import type { LabelKey } from "./labels.ts";
import { answerPage } from "./layout.ts";

/** The apps of one tenant, from Requested to Removed, and the prompt for MOCO-SERV at the first approval. */

const groups: readonly { label: "requested" | "approved"; statuses: readonly AppStatus[] }[] = [
  { label: "requested", statuses: ["requested", "deleted"] },
  { label: "approved", statuses: ["approved", "active", "disabled"] },
];

const listPath = (tenant: string): string => `${dashboardPath}/apps?tenant=${tenant}`;
const actionPath = (app: AppRecord, action: string): string => `/connect/apps/${app.id}/${action}`;

function appOf(call: ConsoleCall): AppRecord {
  const app = call.store.apps.get(Number(call.keys[0]));
  if (!app) throw noSuchPage();
  return app;
}

/** Items of the three-dot menu: an app that was never activated can only be removed. */
const menuActions: Readonly<Record<AppStatus, readonly LabelKey[]>> = {
  requested: [],
  approved: ["remove"],
  active: ["disable", "remove"],
  disabled: ["enable", "remove"],
  deleted: ["remove"],
};

function actionsOf(call: ConsoleCall, app: AppRecord): Content {
  const { labels } = call;
  const button = (action: "approve" | "decline"): Html =>
    postForm(call, actionPath(app, action), html`<button>${labels[action]}</button>`);
  const isConfigurable = app.status === "approved" || app.status === "active";
  const items = menuActions[app.status].map((action) =>
    postForm(call, actionPath(app, action), html`<button role="menuitem">${labels[action]}</button>`, "none"),
  );
  return html`<div class="row">${app.status === "requested" && [button("approve"), button("decline")]}
${isConfigurable && html`<a class="button" href="${actionPath(app, "configuration")}">${labels.configuration}</a>`}
${items.length > 0 && menuButton(`app-${app.id}`, labels.moreOptions, items, "⋮")}</div>`;
}

function list(call: ConsoleCall): SimResponse {
  const { labels, store } = call;
  const asked = call.query.get("tenant") ?? "prod";
  const tenant = isEnvironmentName(asked) ? asked : "prod";
  const apps = store.apps.asOf(call.listsAt).filter((app) => app.tenant === tenant);
  const sections = groups.map(({ label, statuses }) => {
    const rows = apps
      .filter((app) => statuses.includes(app.status))
      .map(
        (app) =>
          html`<tr><th scope="row">${app.name}</th><td>${badge(labels[app.status], app.status)}</td><td>${actionsOf(call, app)}</td></tr>`,
      );
    return html`<section aria-labelledby="group-${label}"><h2 id="group-${label}">${labels[label]}</h2>
${table([labels.app, labels.status, labels.actions], rows)}</section>`;
  });
  const content = html`${dashboardTabs(call, labels.apps)}
${tenantForm(call, `${dashboardPath}/apps`, tenant)}${sections}`;
  return answerPage(call, { title: labels.customerDashboard, kicker: store.customerName, content });
}

function approve(call: ConsoleCall): SimResponse {
  const app = appOf(call);
  if (app.status === "requested" && needsConnectApiUser(call.store, app.tenant)) {
    return redirect(actionPath(app, "credentials"));
  }
  approveApp(call.store, app);
  return redirect(listPath(app.tenant), "app");
}

/** The prompt. Its labels, and that it comes right after Approve, are assumed. */
function prompt(call: ConsoleCall, app: AppRecord, alert?: string): SimResponse {
  const { labels, form } = call;
  const fields = html`<p>Connect asks once for the API user that it works with in Enterprise ${app.tenant}, before it approves the first app.</p>
<div class="fields">${textField({ name: "id", label: labels.promptId, value: form.get("id") ?? "" })}
${textField({ name: "secret", label: labels.promptSecret, type: "password" })}
${textField({ name: "key", label: labels.promptKey, type: "password" })}</div>
${formEnd(call, labels.promptSave, listPath(app.tenant))}`;
  const content = postForm(call, actionPath(app, "credentials"), fields);
  const [kicker, status] = [`${app.name}, ${app.tenant}`, alert === undefined ? 200 : 422];
  return answerPage(call, { title: labels.connectApiUser, kicker, content, alert, status });
}

function askForCredentials(call: ConsoleCall): SimResponse {
  const app = appOf(call);
  if (app.status !== "requested" || !needsConnectApiUser(call.store, app.tenant)) throw noSuchPage();
  return prompt(call, app);
}

function enterCredentials(call: ConsoleCall): SimResponse {
  const app = appOf(call);
  if (app.status !== "requested" || !needsConnectApiUser(call.store, app.tenant)) throw noSuchPage();
  const text = (name: string): string => (call.form.get(name) ?? "").trim();
  try {
    enterConnectApiUser(call.store, app.tenant, { id: text("id"), secret: text("secret"), key: text("key") });
  } catch (error) {
    if (!(error instanceof AppRefusal)) throw error;
    return prompt(call, app, error.message);
  }
  approveApp(call.store, app);
  return redirect(listPath(app.tenant), "app");
}

/** Each app has screens of its own; this one field stands for them. */
function showConfiguration(call: ConsoleCall): SimResponse {
  const app = appOf(call);
  if (app.status !== "approved" && app.status !== "active") throw noSuchPage();
  const { labels } = call;
  const value = app.configuration ?? "";
  const hint = "Each app has screens of its own; this one field stands for them.";
  const field = textField({ name: "integration-name", label: labels.integrationName, value, hint });
  const fields = html`<div class="fields">${field}</div>${formEnd(call, labels.save, listPath(app.tenant))}`;
  const content = postForm(call, actionPath(app, "configuration"), fields);
  return answerPage(call, { title: labels.configuration, kicker: `${app.name}, ${app.tenant}`, content });
}

/** A form's target that changes one app and goes back to the list. */
function change(action: string, run: (call: ConsoleCall, app: AppRecord) => void): ConsolePage {
  return {
    ...{ name: `console/apps/${action}`, verb: "POST", path: `/connect/apps/:key/${action}`, access: "support" },
    run: (call) => {
      const app = appOf(call);
      run(call, app);
      return redirect(listPath(app.tenant), "app");
    },
  };
}

/** A refusal of the app's state, as a page. */
function asPage(page: ConsolePage): ConsolePage {
  const run = (call: ConsoleCall): SimResponse => {
    try {
      return page.run(call);
    } catch (error) {
      if (error instanceof AppRefusal) throw new PageRefusal(409, call.labels.apps, error.message);
      throw error;
    }
  };
  return { ...page, run };
}

const credentialsPath = "/connect/apps/:key/credentials";
export const connectAppPages: readonly ConsolePage[] = [
  {
    ...{ name: "console/apps/list", verb: "GET", path: `${dashboardPath}/apps`, isList: true, access: "support" },
    run: list,
  },
  { name: "console/apps/approve", verb: "POST", path: "/connect/apps/:key/approve", access: "support", run: approve },
  { name: "console/apps/prompt", verb: "GET", path: credentialsPath, access: "support", run: askForCredentials },
  { name: "console/apps/credentials", verb: "POST", path: credentialsPath, access: "support", run: enterCredentials },
  {
    ...{ name: "console/apps/configuration", verb: "GET", path: "/connect/apps/:key/configuration", access: "support" },
    run: showConfiguration,
  },
  change("configuration", (call, app) =>
    configureApp(call.store, app, (call.form.get("integration-name") ?? "").trim()),
  ),
  change("decline", (call, app) => declineApp(call.store, app)),
  change("disable", (call, app) => disableApp(call.store, app)),
  change("enable", (call, app) => enableApp(call.store, app)),
  change("remove", (call, app) => removeApp(call.store, app)),
].map((page) => asPage(page as ConsolePage));
