import type { Screen } from "../screen.ts";
import type { Step } from "../step.ts";
import { type AssumedLabels, assumedLabels, type Item, signIn, viewActs } from "./act-view.ts";
import type { CommandPlace } from "./command-line.ts";
import { type ToldView, viewTold } from "./told-view.ts";
import { phrase } from "./visible.ts";

/** A step that a person does, and what there is to do. */
export interface Instruction {
  step: Step;
  screen: Screen;
}

/** Where an instruction is followed. */
export interface InstructionOptions extends CommandPlace {
  environment: string;
}

/** An instruction in words that are safe to print. Text, markdown and runbooks are made from it, so they say the same. */
interface InstructionView {
  id: string;
  title: string;
  system: string;
  environment: string;
  /** Who does it. */
  role: string;
  items: Item[];
  assumed: AssumedLabels[];
  /** Absent when nothing can be told. */
  told?: ToldView;
}

/** What a person has to do, look at and tell. */
export function viewInstruction({ step, screen }: Instruction, options: InstructionOptions): InstructionView {
  return {
    id: phrase(step.id),
    title: phrase(step.title),
    system: phrase(step.system),
    environment: phrase(options.environment),
    role: phrase(screen.role),
    items: [...signIn(screen), ...viewActs(screen.acts, step.id, options)],
    assumed: assumedLabels(screen.acts),
    ...(screen.results.length > 0 && { told: viewTold(step, screen.results, options) }),
  };
}
