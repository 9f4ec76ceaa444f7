import { consoleCases } from "./console-fixture.ts";
import { testConsoleCheck } from "./world/console-check.ts";

testConsoleCheck(consoleCases, "browser");
testConsoleCheck(consoleCases, "forms");
