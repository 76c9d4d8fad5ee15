/** The nearest of a list of names to a misspelt one, for error texts. */

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(
        (row[j - 1] as number) + 1,
        (above[j] as number) + 1,
        (above[j - 1] as number) + cost,
      );
    }
  }
  return row[b.length] as number;
}

/** Null where none of `names` is within a third of their length. */
export function nearest(name: string, names: readonly string[]): string | null {
  const wanted = name.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const each of names) {
    const d = distance(wanted, each.toLowerCase());
    if (d < bestDistance && d <= Math.max(2, Math.ceil(each.length / 3))) {
      best = each;
      bestDistance = d;
    }
  }
  return best;
}
