import type { SimRequest } from "../wire.ts";

/** Paths of pages: patterns with places, and what stands there. */

/** A part of a path as people wrote it; what is no good encoding stands for itself. */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Path and query of a request; a slash at the end counts for nothing. */
export function placeOf(request: SimRequest): { path: string; query: URLSearchParams } {
  const [raw = "/", ...query] = request.path.split("?");
  return { path: raw === "/" ? raw : raw.replace(/\/$/, ""), query: new URLSearchParams(query.join("?")) };
}

/**
 * What stands in the places of a pattern, in order, or undefined when the path is another one. A place begins with a colon;
 * `accepts` may refuse what stands there.
 */
export function matchPath(
  pattern: string,
  path: string,
  accepts: (place: string, part: string) => boolean = () => true,
): { place: string; part: string }[] | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const found: { place: string; part: string }[] = [];
  for (const [index, part] of given.entries()) {
    const place = wanted[index]!;
    if (place.startsWith(":") && accepts(place, part)) found.push({ place, part });
    else if (place !== part) return undefined;
  }
  return found;
}
