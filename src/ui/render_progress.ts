/** The progress line as text. */
import { escapeText } from "./escape.ts";
import { formatBytes, formatCount, formatDuration } from "./format.ts";
import type { ProgressView } from "./progress.ts";
import { displayWidth, fitEnd } from "./width.ts";

const GAP = "  ";

/** A folder name is not cut below this many columns. */
const LEAST_NAME = 8;

/**
 * The line for `view` in at most `columns` columns, without a line end.
 *
 * `Work  INBOX  1,234/20,000  8.2 MB/s  0:42 left`: when it is narrow, first the
 * folder's name is cut, then parts are left out, from the least telling.
 */
export function renderProgress(view: ProgressView, columns: number): string {
  const account = escapeText(view.account);
  if (view.pauseMs !== undefined) {
    const text = `${account}${GAP}next sync in ${formatDuration(view.pauseMs)}`;
    return fitEnd(text, columns);
  }
  const figures = figuresOf(view);
  const mailbox = view.mailbox === undefined
    ? "connecting"
    : escapeText(view.mailbox);
  // From all parts to the folder alone; the first that fits is taken.
  const tails = figures.map((_, index) => figures.slice(0, index + 1))
    .reverse();
  for (const head of [[account], []]) {
    for (const tail of [...tails, []]) {
      const line = fit(head, mailbox, tail, columns);
      if (line !== undefined) return line;
    }
  }
  return fitEnd(mailbox, columns);
}

/** What there is to tell in numbers, the most telling first. */
function figuresOf(view: ProgressView): string[] {
  const { done, total, bytesPerSecond, remainingMs } = view;
  if (total === 0) return [];
  const figures = [`${formatCount(done)}/${formatCount(total)}`];
  if (remainingMs !== undefined) {
    figures.push(`${formatDuration(remainingMs)} left`);
  }
  if (bytesPerSecond >= 1) figures.push(`${formatBytes(bytesPerSecond)}/s`);
  return figures;
}

/** The parts on one line, the name cut if it must be; undefined: no room. */
function fit(
  head: readonly string[],
  name: string,
  tail: readonly string[],
  columns: number,
): string | undefined {
  const others = [...head, ...tail];
  const taken = others.reduce(
    (sum, part) => sum + displayWidth(part) + GAP.length,
    0,
  );
  const room = columns - taken;
  if (room < Math.min(LEAST_NAME, displayWidth(name))) return undefined;
  return [...head, fitEnd(name, room), ...tail].join(GAP);
}
