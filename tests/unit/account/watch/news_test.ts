import assert from "node:assert/strict";
import { type News, NewsDesk } from "../../../../src/account/watch/news.ts";
import { FakeClock } from "../fake_clock.ts";

function bare() {
  const clock = new FakeClock();
  return { clock, desk: new NewsDesk(clock, () => 0) };
}

/** A desk whose news are taken as soon as they are ready. */
function open() {
  const { clock, desk } = bare();
  const taken: { at: number; news: News }[] = [];
  desk.onReady(() => {
    const news = desk.take();
    if (news !== undefined) taken.push({ at: clock.now(), news });
  });
  return { clock, desk, taken };
}

const sure = (remote: string[], local: string[] = []): News => ({
  focus: { remote, local },
  doubtful: false,
});

Deno.test("NewsDesk makes one sync of a burst, soon after its end", async () => {
  const { clock, desk, taken } = open();
  for (const name of ["A", "B", "A"]) {
    desk.note("remote", name);
    await clock.advance(20);
  }
  desk.note("local", "C");
  assert.equal(taken.length, 0);
  await clock.advance(1_000);
  assert.deepEqual(taken, [{ at: 110, news: sure(["A", "B"], ["C"]) }]);
});

Deno.test("NewsDesk does not wait for the end of a burst that goes on", async () => {
  const { clock, desk, taken } = open();
  for (let at = 0; at < 1_000; at += 10) {
    desk.note("local", "INBOX");
    await clock.advance(10);
  }
  assert.deepEqual(taken.map(({ at }) => at), [400, 800]);
});

Deno.test("NewsDesk waits for the sync under way, and doubts what it hears then", async () => {
  const { clock, desk, taken } = open();
  desk.begin();
  desk.note("local", "INBOX");
  await clock.advance(5_000);
  assert.equal(taken.length, 0);
  desk.end("changed");
  await clock.advance(100);
  assert.deepEqual(taken.map(({ news }) => news.doubtful), [true]);
  desk.note("remote", "INBOX");
  await clock.advance(100);
  assert.equal(taken[1]?.news.doubtful, true, "an echo takes its time");
  await clock.advance(3_000);
  desk.note("remote", "INBOX");
  await clock.advance(100);
  assert.deepEqual(taken[2]?.news, sure(["INBOX"]));
});

Deno.test("NewsDesk is sure when one of several notices is", async () => {
  const { clock, desk, taken } = open();
  desk.note("remote", "A", true);
  desk.note("remote", "A");
  desk.note("remote", "B", true);
  await clock.advance(100);
  assert.deepEqual(taken[0]?.news, sure(["A", "B"]));
});

Deno.test("NewsDesk takes a notice without a name for one about everything", async () => {
  const { clock, desk, taken } = open();
  desk.note("remote", "A", true);
  desk.note("remote", undefined, true);
  await clock.advance(100);
  assert.deepEqual(taken[0]?.news, { focus: undefined, doubtful: true });
});

Deno.test("NewsDesk looks ever more rarely after notices that lead to nothing", async () => {
  const { clock, desk } = bare();
  let looks = 0;
  desk.onReady(() => {
    looks++;
    desk.take();
    desk.begin();
    desk.end("idle");
  });
  // A folder that something touches ten times a second, for an hour.
  for (let tenth = 0; tenth < 36_000; tenth += 10) {
    desk.note("local", "INBOX");
    await clock.advance(1_000);
  }
  assert.ok(looks > 40 && looks < 120, `${looks}`);
  desk.end("changed");
  const before = looks;
  desk.note("local", "INBOX");
  await clock.advance(100);
  assert.equal(looks, before + 1, "something was to be done: as soon as ever");
});

Deno.test("NewsDesk tries again what failed, later and later", async () => {
  const { clock, desk } = bare();
  const at: number[] = [];
  desk.onReady(() => {
    const news = desk.take();
    if (news === undefined) return;
    at.push(clock.now());
    desk.begin();
    desk.end("failed");
    desk.again(news);
  });
  desk.note("remote", "INBOX");
  await clock.advance(40_000);
  assert.deepEqual(at, [50, 5_050, 15_050, 35_050]);
});

Deno.test("NewsDesk keeps no timer and no name when it is cleared", async () => {
  const { clock, desk, taken } = open();
  desk.note("remote", "INBOX");
  desk.clear();
  assert.equal(clock.waiting, 0);
  await clock.advance(1_000);
  assert.equal(taken.length, 0);
});
