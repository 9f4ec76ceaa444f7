// What `import.meta.url` is in a bundle of CommonJS.
import { pathToFileURL } from "node:url";

export const bundleUrl = pathToFileURL(__filename).href;
