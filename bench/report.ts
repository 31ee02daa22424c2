/** Comparisons as a Markdown table. */
import type { Comparison } from "./bench.ts";
import type { Sample } from "./measure.ts";
import { ratios, type Spread, spread } from "./stats.ts";

const HEAD = ["Work", "Program", "Time", "CPU", "Peak memory", "Ours to its"];

/**
 * One row for each program in each comparison. Figures are medians; the last
 * column has least, **middle** and greatest ratio of times of one round.
 */
export function formatTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(rowsOf);
  const lines = [HEAD, HEAD.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function rowsOf({ title, samples }: Comparison): string[][] {
  const [ours] = samples.values();
  return [...samples].map(([product, taken], index) => [
    index === 0 ? title : "",
    product.title,
    seconds(taken, ({ wallMs }) => wallMs),
    seconds(taken, ({ cpuMs }) => cpuMs),
    megabytes(taken),
    index === 0 || ours === undefined ? "" : ratio(ours, taken),
  ]);
}

function ratio(ours: readonly Sample[], theirs: readonly Sample[]): string {
  const wall = ({ wallMs }: Sample) => wallMs;
  const found = ratios(ours.map(wall), theirs.map(wall));
  if (found === undefined) return "";
  const { min, median, max } = found;
  const middle = `**${digits(median)}**`;
  return theirs.length === 1
    ? middle
    : `${digits(min)} ${middle} ${digits(max)}`;
}

function seconds(
  samples: readonly Sample[],
  of: (sample: Sample) => number | undefined,
): string {
  const found = medianOf(samples, of);
  return found === undefined ? "" : `${digits(found.median / 1000)} s`;
}

function megabytes(samples: readonly Sample[]): string {
  const found = medianOf(samples, ({ peakBytes }) => peakBytes);
  return found === undefined ? "" : `${Math.round(found.max / 1e6)} MB`;
}

function medianOf(
  samples: readonly Sample[],
  of: (sample: Sample) => number | undefined,
): Spread | undefined {
  return spread(samples.flatMap((sample) => of(sample) ?? []));
}

/** Two digits that say something. */
function digits(value: number): string {
  if (value < 0.005) return "0";
  if (value >= 10) return String(Math.round(value));
  return value >= 1 ? value.toFixed(1) : value.toFixed(value < 0.1 ? 3 : 2);
}
