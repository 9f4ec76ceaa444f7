import { ownProcess } from "../src/platform/provider-process.ts";
import { runProvider } from "../src/terraform/wire/run.ts";
import { syntheticProvider, syntheticSource } from "../test/provider-synthetic.ts";

/** The do-nothing provider as a program, which benchmarks and tests start. */
void runProvider({ source: syntheticSource, load: async () => syntheticProvider() }, ownProcess());
