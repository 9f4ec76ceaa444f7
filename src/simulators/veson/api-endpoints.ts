import type { SimResponse } from "../wire.ts";
import { type ApiCall, ApiError, answerJson, type Endpoint, take } from "./api-call.ts";
import { vesselNodes } from "./rights.ts";
import { allowsReading, effectiveRight } from "./standing.ts";

/**
 * A few endpoints of api.veslink.com/v1. The paths are those that public clients call, that of data forms excepted, which is
 * assumed; what they answer is the simulator's own. Filters of reports are taken and not applied.
 */

/** The API shows only what the object rights of the token's user allow (in the page APIs). */
function vessels({ user, store }: ApiCall): { key: string; label: string }[] {
  const groups = store.groups.values();
  const account = store.veslinkAccount(user.userName);
  const isVisible = (key: string): boolean => !account?.restrictsVessels || account.vessels.includes(key);
  return vesselNodes.filter(({ key }) => isVisible(key) && allowsReading(effectiveRight(user, groups, key)));
}

const reports: Readonly<Record<string, (call: ApiCall) => object[]>> = {
  "Vessel List": (call) => vessels(call).map(({ label }) => ({ vesselName: label })),
  "Voyage List": (call) => vessels(call).map(({ label }, index) => ({ vesselName: label, voyageNo: index + 1 })),
};

function report(call: ApiCall): SimResponse {
  const name = call.keys[0] ?? "";
  const rows = Object.hasOwn(reports, name) ? reports[name] : undefined;
  if (!rows) throw new ApiError(404, "there is no such report");
  const format = call.query.get("format") ?? "json";
  if (format !== "json") throw new ApiError(400, "only format=json is simulated");
  return answerJson(200, rows(call));
}

function submitForm(call: ApiCall): SimResponse {
  if (!/^\s*<[^>]/.test(call.body)) throw new ApiError(400, "a form is XML");
  take(call, "form");
  return answerJson(200, { received: call.store.submissions.length });
}

function takeJson(what: string): (call: ApiCall) => SimResponse {
  return (call) => {
    take(call, what);
    return answerJson(200, { received: call.store.submissions.length });
  };
}

const partners = [{ name: "Strait Carriers" }, { name: "North Pool" }];
const forms = [{ name: "Noon Report" }, { name: "Arrival" }];

export const endpoints: readonly Endpoint[] = [
  ...[
    { name: "veslink/reports/get", verb: "GET", path: "/v1/imos/reports/:key", run: report } as const,
    { name: "veslink/forms/list", verb: "GET", path: "/v1/forms", run: () => answerJson(200, forms) } as const,
    {
      name: "veslink/partners/list",
      verb: "GET",
      path: "/v1/companies/partners",
      run: () => answerJson(200, partners),
    } as const,
  ].map((read) => ({ ...read, needs: "veslink/api-read" }) as const),
  { name: "veslink/forms/submit", verb: "POST", path: "/v1/forms/submit", needs: "veslink/api-write", run: submitForm },
  {
    ...{ name: "veslink/dataforms/change", verb: "PATCH", path: "/v1/imos/dataforms/:key", needs: "veslink/api-write" },
    run: takeJson("data form"),
  },
  {
    ...{
      name: "veslink/messages/list",
      verb: "GET",
      path: "/v1/imosmessaging/queue",
      needs: "veslink/api-imos-message",
    },
    run: () => answerJson(200, []),
  },
  {
    ...{ name: "veslink/messages/queue", verb: "POST", path: "/v1/imosmessaging/queue" },
    ...{ needs: "veslink/api-imos-message", run: takeJson("message") },
  },
];
