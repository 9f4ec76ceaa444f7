import { testBothHands } from "./world/ipresso-both.ts";
import { consoleForms } from "./world/ipresso-forms.ts";

testBothHands(consoleForms);
