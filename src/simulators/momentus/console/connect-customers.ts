import { badge, postForm, select, table, tabs, textField } from "../../console/controls.ts";
import { PageRefusal, redirect } from "../../console/frame.ts";
import { type Html, html } from "../../console/html.ts";
import type { SimResponse } from "../../wire.ts";
import { AppRefusal, isEnvironmentName, marketplace, requestApp } from "../connect.ts";
import { environmentNames } from "../records.ts";
import type { ConsoleCall, ConsolePage } from "./console-call.ts";
import { answerPage } from "./layout.ts";

/** Momentus Connect: customers for support, the marketplace for everybody. One customer has the number 1. */

export const dashboardPath = "/connect/customers/1";

function customers(call: ConsoleCall): SimResponse {
  const { labels, store } = call;
  const search = call.query.get("search") ?? "";
  const isFound = store.customerName.toUpperCase().includes(search.trim().toUpperCase());
  const row = html`<tr><th scope="row"><a href="${dashboardPath}">${store.customerName}</a></th></tr>`;
  const content = html`<div class="bar"><form role="search" method="get" action="/connect">
${textField({ name: "search", label: labels.search, value: search, type: "search" })}<button>${labels.search}</button></form></div>
${table([labels.customer], isFound ? [row] : [], `Nothing is found for “${search}”.`)}`;
  return answerPage(call, { title: labels.customersPage, content });
}

/** The tabs of the dashboard; Users comes first. */
export function dashboardTabs({ labels }: ConsoleCall, selected: string): Html {
  const pages = [
    { label: labels.users, href: dashboardPath },
    { label: labels.apps, href: `${dashboardPath}/apps` },
  ];
  return tabs(pages, selected);
}

function dashboard(call: ConsoleCall): SimResponse {
  const { labels, store } = call;
  const rows = store.accounts.map(
    ({ username, name }) => html`<tr><th scope="row">${username}</th><td>${name}</td></tr>`,
  );
  const content = html`${dashboardTabs(call, labels.users)}${table([labels.userName, labels.name], rows)}`;
  return answerPage(call, { title: labels.customerDashboard, kicker: store.customerName, content });
}

/** Asks for a tenant; used by the dashboard and the marketplace. */
export function tenantForm(call: ConsoleCall, action: string, tenant: string): Html {
  const { labels } = call;
  return html`<div class="bar"><form method="get" action="${action}">${select("tenant", labels.tenant, environmentNames, tenant)}
<button>${labels.show}</button></form></div>`;
}

function showMarketplace(call: ConsoleCall): SimResponse {
  const { labels, store } = call;
  const asked = call.query.get("tenant") ?? "prod";
  const tenant = isEnvironmentName(asked) ? asked : "prod";
  const rows = marketplace.map(({ name }) => {
    const listed = store.apps.find((app) => app.tenant === tenant && app.name === name);
    const hidden = html`<input type="hidden" name="tenant" value="${tenant}"><input type="hidden" name="app" value="${name}">`;
    const form = postForm(call, "/connect/marketplace", html`${hidden}<button>${labels.request}</button>`);
    return html`<tr><th scope="row">${name}</th><td>${listed ? badge(labels[listed.status], listed.status) : form}</td></tr>`;
  });
  const content = html`${tenantForm(call, "/connect/marketplace", tenant)}${table([labels.app, labels.actions], rows)}`;
  return answerPage(call, { title: labels.marketplace, content });
}

function submitRequest(call: ConsoleCall): SimResponse {
  const asked = call.form.get("tenant") ?? "";
  const tenant = isEnvironmentName(asked) ? asked : "prod";
  try {
    requestApp(call.store, tenant, call.form.get("app") ?? "");
  } catch (error) {
    if (error instanceof AppRefusal) throw new PageRefusal(409, call.labels.marketplace, error.message);
    throw error;
  }
  return redirect(`/connect/marketplace?tenant=${tenant}`, "app");
}

export const connectCustomerPages: readonly ConsolePage[] = [
  { name: "console/customers/list", verb: "GET", path: "/connect", access: "support", run: customers },
  { name: "console/customers/view", verb: "GET", path: dashboardPath, access: "support", run: dashboard },
  { name: "console/marketplace", verb: "GET", path: "/connect/marketplace", access: "signed-in", run: showMarketplace },
  { name: "console/apps/request", verb: "POST", path: "/connect/marketplace", access: "signed-in", run: submitRequest },
];
