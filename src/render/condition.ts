import type { Step, When } from "../step.ts";
import { phrase } from "./visible.ts";

/** What a step is called where it is referred to, for example "step 2"; undefined when it stands elsewhere. */
export type NameOfStep = (id: string) => string | undefined;

/** The condition of a branch in few words, as a plan prints it: "if absent", "if step 2 ran". */
export function sayWhen(when: When, nameOf: NameOfStep, ambiguous: boolean): string {
  if (when.is === "borrowed") return `if ${nameOf(when.of) ?? "the step before"} ran`;
  if (when.is === "refused") return `if ${nameOf(when.of) ?? "the step before"} is refused for want of a license`;
  if (when.is === "failed") return `if ${nameOf(when.of) ?? "the step before"} failed`;
  const words = answered[when.is];
  const of = ambiguous ? nameOf(when.of) : undefined;
  return of === undefined ? `if ${words}` : `if ${words} (${of})`;
}

/** What the answer to a question is. */
const answered: Record<Exclude<When["is"], "borrowed" | "refused" | "failed">, string> = {
  ...{ absent: "absent", found: "found", unlicensed: "unlicensed", unrequested: "not requested", declined: "declined" },
  ...{ full: "all licenses are taken", "right-missing": "the permissions do not show" },
};

/** What an answer to a step means, in the words of its screen: "MOCO-SERV is not in the list". */
export type MeaningOf = (step: string, is: "absent" | "found") => string | undefined;

/** The same for somebody who does not read plans: "Only if step 1.1 was answered: MOCO-SERV is not in the list." */
export function explainWhen(
  when: When,
  nameOf: NameOfStep,
  meaningOf: MeaningOf,
  isLoan: (step: string) => boolean,
): string {
  const of = nameOf(when.of) ?? "an earlier step";
  switch (when.is) {
    case "absent":
    case "found": {
      const means = meaningOf(when.of, when.is);
      if (means !== undefined) return `Only if ${of} was answered: ${phrase(means)}.`;
      return `Only if ${of} showed that it is ${when.is === "absent" ? "not there" : "there already"}.`;
    }
    case "unlicensed":
      return `Only if ${of} showed that the license is missing.`;
    case "unrequested":
      return `Only if ${of} showed that it is not requested yet.`;
    case "declined":
      return `Only if ${of} showed that it was declined.`;
    case "full":
      return `Only if ${of} showed that all licenses are taken.`;
    case "right-missing":
      return `Only if ${of} showed that the permissions do not show.`;
    case "refused":
      return `Only if ${of} was refused for want of a license.`;
    case "failed":
      return `Only if ${of} failed.`;
    case "borrowed":
      return `Only if ${of} was carried out${isLoan(when.of) ? ": what it borrowed goes back" : ""}.`;
  }
}

/** Whether the steps of a change ask several questions, so that "if absent" alone does not say of what. */
export function asksSeveral(steps: readonly Step[]): boolean {
  return new Set(steps.flatMap(({ when }) => (when && when.is in answered ? [when.of] : []))).size > 1;
}
