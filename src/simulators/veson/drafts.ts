import type { GroupFields, UserFields, VeslinkAccountFields } from "./records.ts";

/**
 * What somebody has typed on an open panel and not saved. A browser would keep it; these pages are whole, so the server does, for
 * the session that opened the panel. Nothing of it counts before Save.
 */

type Shared = {
  readonly id: string;
  readonly sessionId: string;
  /** The row that the panel shows; null for a new one. */
  readonly targetId: number | null;
  /** Search, filters and page of the list beside the panel, as a query. */
  readonly list: string;
  /** As typed; never shown again. Empty when there is none. */
  readonly password: string;
  readonly confirmation: string;
};

export type PanelTab = "profile" | "rights";

type OnPanel<Fields> = Shared & {
  readonly tab: PanelTab;
  /** Keys of rights whose items are shown. */
  readonly expanded: readonly string[];
  /** What the panel showed when it was opened. */
  readonly base: Fields;
  readonly values: Fields;
};

export type UserDraft = OnPanel<UserFields> & {
  readonly kind: "user";
  readonly isPasswordOpen: boolean;
  readonly token: "keep" | "new" | "clear";
  /** The token that was requested and is not saved. */
  readonly newToken: string | null;
  /** Whether the API permissions were there when the panel was opened. */
  readonly hadApiRights: boolean;
};

/** Members are ids of users. */
export type GroupForm = GroupFields & { readonly memberIds: readonly number[] };
export type GroupDraft = OnPanel<GroupForm> & { readonly kind: "group" };

/** `apiRights` are keys of API permissions that are on. */
export type AccountForm = VeslinkAccountFields & { readonly apiRights: readonly string[] };
export type AccountDraft = Shared & {
  readonly kind: "account";
  readonly page: "information" | "permissions";
  readonly base: AccountForm;
  readonly values: AccountForm;
};

export type Draft = UserDraft | GroupDraft | AccountDraft;

/** Open panels that are kept; the oldest is forgotten. More than anybody has open, and little memory. */
const draftsMax = 200;

/** All open panels. */
export class Drafts {
  private readonly rows: Map<string, Draft>;

  constructor(rows: Iterable<readonly [string, Draft]> = []) {
    this.rows = new Map(rows);
  }

  get size(): number {
    return this.rows.size;
  }

  get(id: string): Draft | undefined {
    return this.rows.get(id);
  }

  put<T extends Draft>(draft: T): T {
    this.rows.delete(draft.id);
    this.rows.set(draft.id, draft);
    const [oldest] = this.rows.keys();
    if (this.rows.size > draftsMax && oldest !== undefined) this.rows.delete(oldest);
    return draft;
  }

  clone(): Drafts {
    return new Drafts(this.rows);
  }
}
