import { it } from "vitest";
import { assertCrashesWithSecrets } from "./world/flow-crash.ts";
import { encryptedFlow } from "./world/flow-scenarios.ts";

it(
  "a flow with encrypted secrets loses none and leaves none in clear, wherever the power is cut while they are kept",
  () => assertCrashesWithSecrets(encryptedFlow, 100),
  300_000,
);
