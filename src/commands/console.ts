import type { AddCommand, Console, SharedOptions } from "./command.ts";
import { addBrowserOptions } from "./shared-options.ts";

/** `steward console`. */
export const addConsole: AddCommand = (command, run) => {
  command.description(
    "Signs in to the admin console of a system, and compares its words with those that Steward looks for.",
  );
  const login = command
    .command("login")
    .summary("sign in yourself, where a password alone does not let Steward in")
    .description(
      "Opens a window in which you sign in, with single sign-on or a second factor. The session goes to where console_session of the system says; commands use it until the console ends it.",
    )
    .argument("<system>", "a system of the manifest with hand: browser")
    .addHelpText("after", "\nExample:\n  steward console login momentus --env test")
    .action(
      run<object, [string]>(async (console, options, system) => {
        const { signInAtWindow } = await import("./console-login.ts");
        return signInAtWindow(console, options, system);
      }),
    );
  const check = command
    .command("check")
    .summary("compare the words of a console with those that Steward looks for")
    .description(
      "Walks through the pages that are reached without changing anything, and says for each menu, field and button whether it is where Steward looks for it. Exit 1 when one is missing.",
    )
    .argument("<system>", "a system of the manifest with hand: browser")
    .option("--json", "print JSON, as --format json")
    .addHelpText(
      "after",
      "\nExamples:\n  steward console check momentus\n  steward console check momentus --headed --slow-mo 500",
    )
    .action(
      run<{ json?: true }, [string]>(async (console: Console, options: SharedOptions & { json?: true }, system) => {
        const { checkConsole } = await import("./console-check.ts");
        return checkConsole(console, options.json ? { ...options, format: "json" } : options, system);
      }),
    );
  for (const sub of [login, check]) addBrowserOptions(sub);
};
