/** A hundred folders, watched for an hour of a clock that the test moves. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startWatching } from "../support/watching.ts";
import { FakeClock } from "../unit/account/fake_clock.ts";
import { mail, mails, openPair, wire } from "./support.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };
const FOLDERS = [
  "INBOX",
  ...Array.from({ length: 99 }, (_, at) => `Folder-${at}`),
];
/** What the heap may grow by in an hour: there is no collecting on demand. */
const GROWTH_BYTES = 24 * 1024 * 1024;

for (
  const [way, profile, connections] of [
    ["NOTIFY on one connection", {}, 1],
    ["IDLE on a connection each", {
      notify: false,
      maxConnections: 200,
    }, FOLDERS.length],
  ] as const
) {
  Deno.test(
    `an hour of watching 100 folders by ${way} loses nothing and grows nothing`,
    ON_UNIX,
    async () => {
      await using pair = openPair({
        profile,
        mailboxes: FOLDERS.map((name) => ({ name, messages: mails(1, name) })),
      }, {
        general: { fsync: false },
        // The next full sync is two hours away: nothing else carries changes.
        account: { autorefresh: 120 },
        remote: { idlefolders: `[${FOLDERS.map((f) => `'${f}'`).join(", ")}]` },
      });
      const { program, server } = pair;
      const clock = new FakeClock();
      await using run = startWatching(program, { clock });
      const holds = (condition: () => boolean) =>
        run.until(async () => {
          await clock.advance(100);
          return condition();
        }, 60_000);
      const idles = () =>
        server.log.names().filter((name) => name === "IDLE").length;
      await holds(() => idles() >= connections);
      // What may have changed before anybody listened is looked at.
      const logins = () =>
        server.log.names().filter((name) => /^(AUTHENTICATE|LOGIN)/.test(name))
          .length;
      const started = { logins: logins(), timers: clock.waiting };
      let heap = 0;
      for (let minute = 0; minute < 60; minute++) {
        const before = idles();
        for (let second = 0; second < 60; second += 5) {
          await clock.advance(5_000);
        }
        if (minute % 9 === 8) {
          await holds(() => idles() >= before + connections);
        }
        if (minute % 6 !== 3) continue;
        const folder = FOLDERS[(minute * 7) % FOLDERS.length] ?? "";
        const files = program.tree.files(folder).length;
        server.mailbox(folder).append(wire(`there-${minute}`));
        await holds(() => program.tree.files(folder).length > files);
        const at = (part: string) =>
          join(program.mail, folder, part, `${minute}.test`);
        const count = server.mailbox(folder).count;
        Deno.writeTextFileSync(at("tmp"), mail(`here-${minute}`));
        Deno.renameSync(at("tmp"), at("new"));
        await holds(() => server.mailbox(folder).count > count);
        if (minute === 3) heap = Deno.memoryUsage().heapUsed;
      }
      const grown = Deno.memoryUsage().heapUsed - heap;
      assert.ok(grown < GROWTH_BYTES, `${grown} bytes`);
      assert.equal(logins(), started.logins, "no connection was opened again");
      assert.ok(clock.waiting <= started.timers + 3, `${clock.waiting}`);
      assert.ok(!/WARNING|ERROR/.test(run.output), run.output);
    },
  );
}

Deno.test(
  "more idlefolders than the server allows connections leave some to the syncs",
  ON_UNIX,
  async () => {
    const folders = FOLDERS.slice(0, 20);
    await using pair = openPair({
      profile: { notify: false, maxConnections: 8 },
      mailboxes: folders.map((name) => ({ name, messages: mails(1, name) })),
    }, {
      account: { autorefresh: 120 },
      remote: { idlefolders: `[${folders.map((f) => `'${f}'`).join(", ")}]` },
    });
    const { program, server } = pair;
    const clock = new FakeClock();
    await using run = startWatching(program, { clock });
    const holds = (condition: () => boolean) =>
      run.until(async () => {
        await clock.advance(100);
        return condition();
      }, 60_000);
    await holds(() => /allows no more connections/.test(run.output));
    // All connections of the syncs are gone, and there is room for others.
    run.jump(600_000);
    await holds(() => /stood still/.test(run.output));
    for (const folder of [folders.at(-1) ?? "", "INBOX"]) {
      server.mailbox(folder).append(wire("late"));
      await holds(() => program.tree.files(folder).length === 2);
    }
    assert.ok(!/ERROR/.test(run.output), run.output);
  },
);
