import type { Manifest } from "../manifest/manifest.ts";
import { placeWords, type Said } from "../render/hints.ts";
import type { SharedOptions } from "./command.ts";

/** What was said on the command line about the manifest, and which it is. */
export interface Place {
  options: Pick<SharedOptions, "manifest">;
  manifest: Pick<Manifest, "environment" | "environments">;
}

/** What a suggested command must say again, so that it means the same manifest and the same environment. */
export function saidHere({ options, manifest }: Place): Pick<Said, "env" | "manifest"> {
  const { environment, environments } = manifest;
  return { env: environments.length > 1 ? environment : undefined, manifest: options.manifest };
}

/** The same as words, each with a space before it; empty where nothing was said and there is one environment. */
export const sayPlace = (place: Place): string => placeWords(saidHere(place));
