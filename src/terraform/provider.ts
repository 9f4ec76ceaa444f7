import { ownProcess } from "../platform/provider-process.ts";
import { providerProgram } from "./engine/program.ts";
import { runProvider } from "./wire/run.ts";

/** The executable: started by Terraform, or by hand with -debug. */
const own = ownProcess();
// A program, and nothing to import.
void runProvider(providerProgram(own), own);
