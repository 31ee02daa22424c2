// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * How soon a change is on the other side while the program watches:
 * `deno run -A bench/watch.ts [CHANGES]`. Needs Dovecot, which itself waits half
 * a second before it tells of a change.
 */
import { join } from "node:path";
import { startDovecot } from "../tests/support/dovecot.ts";
import { openProgram } from "../tests/support/program.ts";
import { resting, startWatching } from "../tests/support/watching.ts";
import { spread } from "./stats.ts";

const changes = Number(Deno.args[0] ?? 10);

function mail(label: string): string {
  return `From: ada@example.org\nSubject: ${label}\n` +
    `Message-ID: <${label}@example.org>\n\nHello.\n`;
}

async function measure(way: string, without: readonly string[]): Promise<void> {
  await using server = await startDovecot({ withoutCapabilities: without });
  await server.seed("INBOX", [mail("first")]);
  await using program = openProgram({
    server,
    account: { autorefresh: 60 },
    remote: { idlefolders: "['INBOX']" },
  });
  const here = join(program.mail, "INBOX");
  const there = join(server.mailRoot);
  const count = (root: string) =>
    ["new", "cur"].flatMap((part) => [...Deno.readDirSync(join(root, part))])
      .length;
  await using run = startWatching(program);
  await run.until(() => /Finished account/.test(run.output));
  const times: Record<"to the Maildir" | "to the server", number[]> = {
    "to the Maildir": [],
    "to the server": [],
  };
  for (let at = 0; at < changes; at++) {
    await resting(run, () => run.output.length);
    const file = join(server.folder, "mail.eml");
    await Deno.writeTextFile(file, mail(`there-${at}`));
    const files = count(here);
    await server.doveadm("save", "-u", server.user, "-m", "INBOX", file);
    times["to the Maildir"].push(await run.until(() => count(here) > files));
    await resting(run, () => run.output.length);
    const stored = count(there);
    await Deno.writeTextFile(join(here, "tmp", `${at}`), mail(`here-${at}`));
    await Deno.rename(join(here, "tmp", `${at}`), join(here, "new", `${at}`));
    times["to the server"].push(await run.until(() => count(there) > stored));
  }
  for (const [direction, all] of Object.entries(times)) {
    const { median = 0, max = 0 } = spread(all) ?? {};
    console.log(
      `${way}, ${direction}: ${Math.round(median)} ms, at most ` +
        `${Math.round(max)} ms`,
    );
  }
}

console.log(`Of ${changes} changes each, the median:`);
await measure("NOTIFY", []);
await measure("IDLE", ["NOTIFY"]);
