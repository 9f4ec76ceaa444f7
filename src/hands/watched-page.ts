import { Fault } from "../diagnostic.ts";
import type { Label, ListRow } from "../screen.ts";
import type { Secret } from "../secret.ts";
import type { ConsolePage, Control, Heard, Where } from "./console.ts";
import type { Unsaid } from "./unsaid.ts";

/** One key for each control, whichever label names it. */
export const keyOf = ({ role, text }: Control): string => `${role} ${text}`;

/** A page that remembers which controls were there when they were used, and which one was not. */
export class WatchedPage implements ConsolePage {
  readonly #page: ConsolePage;
  readonly #seen = new Set<string>();
  #missed: Control | undefined;
  /** What was waited for in vain before. */
  readonly #known: Map<string, Fault>;

  constructor(page: ConsolePage, known: Map<string, Fault>) {
    this.#page = page;
    this.#known = known;
  }

  hasSeen(label: Label): boolean {
    return this.#seen.has(keyOf(label));
  }

  /** It, or what leads to it on this system. */
  hasMissed(label: Label): boolean {
    const missed = this.#missed;
    if (!missed || this.hasSeen(label)) return false;
    return keyOf(label) === keyOf(missed) || (label.via?.includes(missed.text) ?? false);
  }

  get unsaid(): Unsaid {
    return this.#page.unsaid;
  }

  get sent(): number {
    return this.#page.sent;
  }

  get address(): string {
    return this.#page.address;
  }

  get status(): number {
    return this.#page.status;
  }

  open(url: string): Promise<void> {
    return this.#page.open(url);
  }

  async press(control: Control, where: Where = {}): Promise<void> {
    const { within, menu, row } = where;
    const before = [...(within ? [within] : []), ...(menu ? [menu] : [])];
    await this.#watch(
      control,
      async () => {
        const { menu: _menu, ...at } = where;
        if (!menu && this.#known.has(keyOf(control)) && !(await this.#page.has(control, at))) {
          throw this.#known.get(keyOf(control));
        }
        await this.#page.press(control, where);
      },
      async () => {
        for (const one of before) {
          if (!(await this.#page.has(one, row !== undefined && one === menu ? { row } : {}))) return one;
          this.#seen.add(keyOf(one));
        }
        return control;
      },
    );
    for (const one of before) this.#seen.add(keyOf(one));
  }

  openRow(name: string): Promise<void> {
    return this.#page.openRow(name);
  }

  enter(field: Control): Promise<void> {
    return this.#watch(field, () => this.#page.enter(field));
  }

  fill(control: Control, value: Parameters<ConsolePage["fill"]>[1]): Promise<void> {
    return this.#watch(control, () => this.#page.fill(control, value));
  }

  choices(control: Control): Promise<string[]> {
    return this.#watch(control, () => this.#page.choices(control));
  }

  value(control: Control): Promise<string | boolean> {
    return this.#watch(control, () => this.#page.value(control));
  }

  ticked(within: Control, all?: boolean): Promise<string[]> {
    return this.#watch(within, () => this.#page.ticked(within, all));
  }

  secret(control: Control): Promise<Secret> {
    return this.#watch(control, () => this.#page.secret(control));
  }

  secrets(column: Control): Promise<Secret[]> {
    return this.#watch(column, () => this.#page.secrets(column));
  }

  has(control: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    return this.#page.has(control, where);
  }

  comesUp(control: Control): Promise<boolean> {
    return this.#page.comesUp(control);
  }

  /** A tab that is selected already is not pressed, and was there all the same. */
  async isSelected(control: Control, where: Omit<Where, "menu"> = {}): Promise<boolean> {
    const isSelected = await this.#page.isSelected(control, where);
    if (isSelected) this.#seen.add(keyOf(control));
    return isSelected;
  }

  async waitFor(controls: readonly Control[], withinMs?: number): Promise<Control> {
    const found = await this.#watch(controls[0] ?? { role: "", text: "" }, () =>
      this.#page.waitFor(controls, withinMs),
    );
    this.#seen.add(keyOf(found));
    return found;
  }

  rows(): Promise<ListRow[]> {
    return this.#page.rows();
  }

  hear(): Promise<Heard> {
    return this.#page.hear();
  }

  /** `whichMissed` says what of several controls was not there. */
  async #watch<T>(control: Control, work: () => Promise<T>, whichMissed = async () => control): Promise<T> {
    try {
      const result = await work();
      this.#seen.add(keyOf(control));
      return result;
    } catch (error) {
      if (error instanceof Fault && error.details.code === "screen") {
        this.#missed = await whichMissed();
        this.#known.set(keyOf(this.#missed), error);
      }
      throw error;
    }
  }
}
