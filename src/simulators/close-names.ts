/** "Did you mean", of the simulators' own: names that are near a word, the nearest first. */

const namesMax = 3;

/** Edits from one word to another. */
function edits(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, before[j]! + 1, row[j - 1]! + 1));
    }
    before = row;
  }
  return before[b.length]!;
}

/** Edits to the name or to the end of it that begins after a slash; none when the word stands in it. */
function distance(word: string, name: string): number {
  const [a, b] = [word.toLowerCase(), name.toLowerCase()];
  if (a.length >= 4 && b.includes(a)) return 0;
  const parts = b.split("/");
  return Math.min(...parts.map((_, from) => edits(a, parts.slice(from).join("/"))));
}

/** At most three names that may have been meant; none when none is near. Letter case and a star do not count. */
export function closeNames(word: string, names: Iterable<string>): string[] {
  const plain = word.replaceAll("*", "").slice(0, 100);
  const costMax = Math.max(1, Math.floor(plain.length / 4));
  const costs = [...new Set(names)].map((name) => ({ name, cost: distance(plain, name) }));
  const near = costs.filter(({ cost }) => cost <= costMax).sort((a, b) => a.cost - b.cost);
  return near.slice(0, namesMax).map(({ name }) => name);
}
