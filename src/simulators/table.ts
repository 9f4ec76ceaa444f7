type Row = { readonly id: number | string };
type Change<T extends Row> = { at: number; id: T["id"]; before: T | undefined };

/** How far back `asOf` can look. */
const historyMs = 60 * 60 * 1000;
const historyMax = 50_000;

/**
 * Rows by id. Rows are never changed in place, only replaced, so that a copy of the table is a copy of its index
 * and so that the table can say what it held a while ago.
 */
export class Table<T extends Row> {
  private readonly rows: Map<T["id"], T>;
  private readonly changes: Change<T>[];

  constructor(rows: Iterable<readonly [T["id"], T]> = [], changes: Iterable<Change<T>> = []) {
    this.rows = new Map(rows);
    this.changes = [...changes];
  }

  get size(): number {
    return this.rows.size;
  }

  get(id: T["id"]): T | undefined {
    return this.rows.get(id);
  }

  values(): T[] {
    return [...this.rows.values()];
  }

  find(matches: (row: T) => boolean): T | undefined {
    for (const row of this.rows.values()) if (matches(row)) return row;
    return undefined;
  }

  put(row: T, at: number): void {
    this.remember(row.id, at);
    this.rows.set(row.id, row);
  }

  remove(id: T["id"], at: number): void {
    this.remember(id, at);
    this.rows.delete(id);
  }

  /** The rows as they were at `at`, at most one hour back. */
  asOf(at: number): T[] {
    const newest = this.changes.at(-1);
    if (!newest || newest.at <= at) return this.values();
    const past = new Map(this.rows);
    for (let index = this.changes.length - 1; index >= 0; index -= 1) {
      const change = this.changes[index]!;
      if (change.at <= at) continue;
      if (change.before) past.set(change.id, change.before);
      else past.delete(change.id);
    }
    return [...past.values()];
  }

  /** Makes the present rows those of all earlier times. */
  forgetHistory(): void {
    this.changes.length = 0;
  }

  clone(): Table<T> {
    return new Table(this.rows, this.changes);
  }

  private remember(id: T["id"], at: number): void {
    this.changes.push({ at, id, before: this.rows.get(id) });
    const oldest = this.changes[0]!;
    if (this.changes.length > historyMax || oldest.at < at - historyMs) this.changes.shift();
  }
}
