import { testBothHands } from "./world/ipresso-both.ts";
import { usualForm } from "./world/ipresso-forms.ts";

/** The usual console; those of other forms are in browsers-ipresso.long.test.ts. */
testBothHands([usualForm]);
