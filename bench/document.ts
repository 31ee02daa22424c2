/** docs/benchmarks.md. */
import type { Bench } from "./bench.ts";
import { formatTable } from "./report.ts";

/** The page with all comparisons of a run. */
export function formatDocument(bench: Bench, machine: string): string {
  const { rounds, slowRounds } = bench.sizes;
  return `# Benchmarks

Written by \`deno task bench --write\`; what stands behind the figures is in
[performance.md](performance.md).

Machine: ${machine}. All programs run on the same machine as the server, as
processes of their own, start-up included, one after the other in each of
${rounds} rounds (three times as many where nothing is to be done nearby; OfflineIMAP,
which takes minutes, in ${slowRounds}). Times and CPU are medians, peak memory is
the largest of all rounds. **Only the last column travels**: the time of this
program divided by that of the other one in the same round, as least, middle and
greatest of all rounds. Below 1 this program is faster.

"This program" is the bundle that \`deno compile\` ships too, run by \`deno run\`
with the permissions of a release; "from source" is \`deno task start\`. It reads
the same configuration file as OfflineIMAP, four connections at the most.
"50 ms" means that every round trip to the server takes so long.

${formatTable(bench.comparisons)}`;
}
