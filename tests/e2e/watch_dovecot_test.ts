/** How soon changes are on the other side, beside a real server. */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Dovecot,
  type DovecotOptions,
  dovecotTest,
  startDovecot,
} from "../support/dovecot.ts";
import { openProgram, type Program } from "../support/program.ts";
import {
  resting,
  startWatching,
  until,
  type Watching,
} from "../support/watching.ts";
import { start } from "./started.ts";
import { mail } from "./support.ts";

const PROMPT_MS = 1_000;
/** A busy machine is late now and then; a fault is late every time. */
const ATTEMPTS = 12;
const PROMPT_ATTEMPTS = 3;

type Until = Pick<Watching, "until">;

/** Waits for a change to be on the other side, and says how long that took. */
type Arrival = (run: Until) => Promise<number>;

interface World extends AsyncDisposable {
  readonly server: Dovecot;
  readonly program: Program;
  /** Another client stores a message on the server. */
  save(mailbox?: string): Promise<Arrival>;
  /** A mail program stores one in the Maildir. */
  write(mailbox?: string): Promise<Arrival>;
  /** {@link save}, and its arrival. */
  change(run: Until, mailbox?: string): Promise<number>;
  /** {@link write}, and its arrival. */
  deliver(run: Until, mailbox?: string): Promise<number>;
}

let serial = 0;

async function open(
  options: DovecotOptions = {},
  seeds = 3,
): Promise<World> {
  const server = await startDovecot(options);
  await server.seed(
    "INBOX",
    Array.from({ length: seeds }, (_, at) => mail(`seed-${at}`)),
  );
  await server.seed("Archive", [mail("old")]);
  const program = openProgram({
    server,
    general: { fsync: false },
    account: { autorefresh: 30 },
    remote: { idlefolders: "['INBOX']" },
  });
  const there = async (mailbox: string) =>
    new Set((await server.doveadm("search", "-u", "user", "mailbox", mailbox))
      .split("\n")).size;
  const here = (mailbox: string) =>
    ["new", "cur"].flatMap((part) => [
      ...Deno.readDirSync(join(program.mail, mailbox, part)),
    ]).length;
  const save = async (mailbox = "INBOX"): Promise<Arrival> => {
    // Where Dovecot's user may read it.
    const file = join(server.folder, `${++serial}.eml`);
    await Deno.writeTextFile(file, mail(`there-${serial}`));
    const before = here(mailbox);
    await server.doveadm("save", "-u", "user", "-m", mailbox, file);
    return (run) => run.until(() => here(mailbox) > before);
  };
  const write = async (mailbox = "INBOX"): Promise<Arrival> => {
    const name = `${++serial}.test`;
    const at = (part: string) => join(program.mail, mailbox, part, name);
    const before = await there(mailbox);
    await Deno.writeTextFile(at("tmp"), mail(`here-${serial}`));
    await Deno.rename(at("tmp"), at("new"));
    return (run) => run.until(async () => await there(mailbox) > before);
  };
  return {
    server,
    program,
    save,
    write,
    change: async (run, mailbox) => await (await save(mailbox))(run),
    deliver: async (run, mailbox) => await (await write(mailbox))(run),
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/**
 * A second; in proportion longer while more programs want to run than there are
 * cores.
 */
function limitMs(): number {
  const perCore = (Deno.loadavg()[0] ?? 0) / navigator.hardwareConcurrency;
  return PROMPT_MS * Math.max(1, perCore);
}

/** Does it again until it was prompt often enough. */
async function isPrompt(attempt: () => Promise<number>): Promise<void> {
  const times: string[] = [];
  let prompt = 0;
  for (let at = 0; at < ATTEMPTS; at++) {
    const tookMs = await attempt();
    times.push(`${Math.round(tookMs)} of ${Math.round(limitMs())}`);
    if (tookMs < limitMs() && ++prompt === PROMPT_ATTEMPTS) return;
  }
  assert.fail(`These took too long, ms: ${times.join(", ")}`);
}

/** Has finished its first sync, and hears of changes on both sides. */
async function settled(world: World, run: Watching): Promise<void> {
  await run.until(() => /Finished account/.test(run.output));
  await world.change(run);
}

for (
  const [way, options] of [
    ["NOTIFY", {}],
    ["IDLE", { withoutCapabilities: ["NOTIFY"] }],
  ] as const
) {
  dovecotTest(
    `changes are on the other side within a second, by ${way}`,
    async () => {
      await using world = await open(options);
      await using run = startWatching(world.program);
      await settled(world, run);
      await isPrompt(() => world.change(run));
      await isPrompt(() => world.deliver(run));
      await isPrompt(() => world.deliver(run, "Archive"));
    },
  );
}

dovecotTest(
  "changes are as soon after the machine slept for an hour",
  async () => {
    await using world = await open();
    await using run = startWatching(world.program);
    await settled(world, run);
    run.jump(3_600_000);
    await run.until(() => /stood still for 36\d\d seconds/.test(run.output));
    await isPrompt(() => world.change(run));
    await isPrompt(() => world.deliver(run));
  },
);

dovecotTest("changes are as soon after the server was restarted", async () => {
  await using world = await open();
  const { server } = world;
  await using run = startWatching(world.program);
  await settled(world, run);
  await server.stop();
  await run.until(() => /not watched for now/.test(run.output));
  await server.restart();
  await world.change(run);
  await run.until(() => /watched again/.test(run.output));
  await isPrompt(() => world.change(run));
  await isPrompt(() => world.deliver(run));
});

dovecotTest("changes are as soon after ten thousand of them", async () => {
  await using world = await open({}, 5_000);
  const { server, program } = world;
  await using run = startWatching(program);
  await run.until(
    () => /Finished account/.test(run.output),
    60_000,
  );
  await run.until(() => program.tree.files("INBOX").length === 5_000);
  await world.change(run);
  // Each of 5,000 messages is seen here, then flagged there.
  const cur = join(program.mail, "INBOX", "cur");
  const fresh = join(program.mail, "INBOX", "new");
  for (const part of [cur, fresh]) {
    for (const { name } of [...Deno.readDirSync(part)]) {
      const base = name.replace(/:2,.*/, "");
      Deno.renameSync(join(part, name), join(cur, `${base}:2,S`));
    }
  }
  const flagged = async (flag: string) =>
    (await server.doveadm(
      "search",
      "-u",
      "user",
      "mailbox",
      "INBOX",
      flag,
    )).split("\n").length - 1;
  await run.until(async () => await flagged("SEEN") >= 5_000, 60_000);
  await server.doveadm(
    "flags",
    "add",
    "-u",
    "user",
    "\\Flagged",
    "mailbox",
    "INBOX",
    "all",
  );
  const count = () =>
    [...Deno.readDirSync(cur)].filter(({ name }) => /:2,F/.test(name)).length;
  await run.until(() => count() >= 5_000, 60_000);
  await resting(run, () => run.output.length);
  await isPrompt(() => world.change(run));
  await isPrompt(() => world.deliver(run));
});

dovecotTest(
  "what happens on both sides while the process stands still is caught up",
  async () => {
    await using world = await open();
    const { server, program } = world;
    await using run = start(program);
    await run.until(/Finished account/);
    const watching = {
      until: (holds: () => boolean | Promise<boolean>) =>
        until(holds, 20_000, () => run.output),
    };
    await world.change(watching);
    run.kill("SIGSTOP");
    const arrivals = [await world.save(), await world.write()];
    // Its connections die without a word to it.
    await server.stop();
    await server.restart();
    run.kill("SIGCONT");
    for (const arrival of arrivals) await arrival(watching);
    await isPrompt(() => world.change(watching));
    run.kill("SIGTERM");
    assert.equal(await run.ended(), 0, run.output);
  },
);
