/** The few figures a benchmark is read by. */

export interface Summary {
  readonly n: number;
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
  readonly min: number;
  readonly max: number;
}

/** Linear between the two nearest ranks (Hyndman & Fan, type 7). */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function summary(values: readonly number[]): Summary {
  return {
    n: values.length,
    median: quantile(values, 0.5),
    q1: quantile(values, 0.25),
    q3: quantile(values, 0.75),
    min: quantile(values, 0),
    max: quantile(values, 1),
  };
}

export interface Ratio {
  /** Of the medians. */
  readonly ofMedians: number;
  /** Median of the ratios within each round: what disturbs a round disturbs both. */
  readonly paired: number;
  /** 95 % of what `paired` would be, had other rounds been drawn (percentile bootstrap). */
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/** `values[i]` and `base[i]` are of the same round. */
export function ratio(values: readonly number[], base: readonly number[]): Ratio {
  const pairs = values.map((value, i) => value / (base[i] ?? Number.NaN));
  const usable = pairs.filter(Number.isFinite);
  const drawn = Array.from({ length: RESAMPLES }, () =>
    quantile(
      usable.map(() => usable[Math.floor(Math.random() * usable.length)] ?? Number.NaN),
      0.5,
    ),
  );
  return {
    ofMedians: quantile(values, 0.5) / quantile(base, 0.5),
    paired: quantile(usable, 0.5),
    low: quantile(drawn, 0.025),
    high: quantile(drawn, 0.975),
  };
}
