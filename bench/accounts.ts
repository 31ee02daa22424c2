// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * What workers make of the cores: first copies of two accounts, each in a worker
 * of its own, and both in the command itself (`sandbox = no`), one after the
 * other in each round: `deno run -A bench/accounts.ts [ROUNDS]`. Needs Dovecot.
 */
import { join } from "node:path";
import { bundle } from "../scripts/bundle.ts";
import { PERMISSIONS } from "../src/permissions.ts";
import { type Dovecot, startDovecot } from "../tests/support/dovecot.ts";
import { measure, type Sample } from "./measure.ts";
import { spread } from "./stats.ts";

const ACCOUNTS = ["a", "b"];
const MESSAGES = 10_000;
const rounds = Number(Deno.args[0] ?? 3);

const folder = Deno.makeTempDirSync({ prefix: "oi-accounts-" });
try {
  await using server = await startDovecot();
  const body = "A line of a message of some length.\n".repeat(100);
  await server.seed(
    "INBOX",
    Array.from(
      { length: MESSAGES },
      (_, n) =>
        `From: ada@example.org\nSubject: ${n}\n` +
        `Message-ID: <${n}@example.org>\n\n${body}`,
    ),
  );
  const { entry } = await bundle(join(folder, "bundle"));
  const samples: Record<string, Sample[]> = { no: [], yes: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const [sandbox, all] of Object.entries(samples)) {
      const sample = await copy(entry, server, sandbox);
      // Until the server's caches are warm.
      if (round > 0) all.push(sample);
    }
  }
  for (const [sandbox, all] of Object.entries(samples)) tell(sandbox, all);
} finally {
  Deno.removeSync(folder, { recursive: true });
}

async function copy(
  entry: string,
  server: Dovecot,
  sandbox: string,
): Promise<Sample> {
  const home = Deno.makeTempDirSync({ dir: folder });
  const config = join(home, "offlineimaprc");
  Deno.writeTextFileSync(config, configuration(home, server, sandbox), {
    mode: 0o600,
  });
  try {
    return await measure({
      program: Deno.execPath(),
      args: [
        ...["run", "--quiet", "--no-config", ...PERMISSIONS, entry],
        ...["-c", config, "-o", "-u", "quiet"],
      ],
      env: { HOME: home, DENO_DIR: join(folder, "deno") },
    });
  } finally {
    Deno.removeSync(home, { recursive: true });
  }
}

function configuration(
  home: string,
  { port, user, password }: Dovecot,
  sandbox: string,
): string {
  const accounts = ACCOUNTS.map((name) => `
[Account ${name}]
localrepository = ${name}-here
remoterepository = ${name}-there
[Repository ${name}-here]
type = Maildir
localfolders = ${join(home, name)}
[Repository ${name}-there]
type = IMAP
remotehost = 127.0.0.1
remoteport = ${port}
ssl = no
starttls = no
remoteuser = ${user}
remotepass = ${password}
`);
  return `[general]
accounts = ${ACCOUNTS.join(", ")}
maxsyncaccounts = ${ACCOUNTS.length}
metadata = ${join(home, "metadata")}
fsync = no
sandbox = ${sandbox}
${accounts.join("")}`;
}

function tell(sandbox: string, samples: readonly Sample[]): void {
  const { median: wall = 0 } = spread(samples.map((one) => one.wallMs)) ?? {};
  const { median: cpu = 0 } = spread(
    samples.flatMap(({ cpuMs }) => cpuMs === undefined ? [] : [cpuMs]),
  ) ?? {};
  console.log(
    `sandbox = ${sandbox}: ${(wall / 1000).toFixed(2)} s, CPU ` +
      `${(cpu / 1000).toFixed(2)} s, ${(cpu / wall).toFixed(2)} cores`,
  );
}
