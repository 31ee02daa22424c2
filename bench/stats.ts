/** Medians and ratios. */

/** Least, middle and greatest of some numbers. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The spread of numbers; undefined for none. */
export function spread(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? min;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? max;
  return { min, median: (low + high) / 2, max };
}

/** The spread of `of[i] / by[i]`, as far as both go: pairs of the same minute. */
export function ratios(
  of: readonly number[],
  by: readonly number[],
): Spread | undefined {
  const pairs = of.flatMap((value, at) => {
    const other = by[at];
    return other === undefined || other === 0 ? [] : [value / other];
  });
  return spread(pairs);
}
