import type { ConsoleCall } from "./console-call.ts";

/** What the Security List is asked for: it goes along to the panel beside it and back. */
export type ListQuery = {
  readonly search: string;
  readonly status: string;
  readonly type: string;
  readonly page: number;
};

/** The query as it stands in the address of a page. Statuses and types are the words of the labels. */
export function listQueryOf({ labels, settings }: ConsoleCall, from: URLSearchParams): ListQuery {
  const offered = (name: string, options: readonly string[], otherwise: string): string => {
    const asked = from.get(name) ?? "";
    return options.includes(asked) ? asked : otherwise;
  };
  const status = settings.inactiveListed ? labels.all : labels.active;
  return {
    search: (from.get("search") ?? "").trim(),
    status: offered("status", [labels.active, labels.inactive, labels.all], status),
    type: offered("type", [labels.all, labels.user, labels.group], labels.all),
    page: Math.max(1, Number.parseInt(from.get("page") ?? "1", 10) || 1),
  };
}

/** The same as text, on another page if one is given. */
export function listQueryText({ search, status, type, page }: ListQuery, otherPage = page): string {
  return new URLSearchParams({ search, status, type, page: String(otherPage) }).toString();
}
