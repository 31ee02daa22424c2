import assert from "node:assert/strict";
import { Screen } from "../../../src/ui/screen.ts";
import { writeAll } from "../../../src/ui/terminal.ts";
import { FakeClock, FakeStream } from "./support.ts";

Deno.test("Screen writes the first line at once and the next ones together", () => {
  const stream = new FakeStream();
  const clock = new FakeClock();
  using screen = new Screen(stream, clock);
  screen.print("one");
  assert.deepEqual(stream.writes, ["one\n"]);
  screen.print("two");
  screen.print("three");
  clock.advance(99);
  assert.deepEqual(stream.writes, ["one\n"]);
  clock.advance(1);
  assert.deepEqual(stream.writes, ["one\n", "two\nthree\n"]);
  clock.advance(1_000);
  screen.print("four");
  assert.equal(stream.writes.length, 3);
});

Deno.test("Screen lets no text pile up", () => {
  const stream = new FakeStream();
  using screen = new Screen(stream, new FakeClock());
  const line = "x".repeat(999);
  for (let count = 0; count < 200; count++) screen.print(line);
  assert.ok(stream.text.length > 130_000);
});

Deno.test("Screen writes what is left at its end", () => {
  const stream = new FakeStream();
  const clock = new FakeClock();
  {
    using screen = new Screen(stream, clock);
    screen.print("one");
    screen.print("two");
  }
  assert.equal(stream.text, "one\ntwo\n");
  assert.equal(clock.waiting, 0);
});

Deno.test("Screen draws its bottom line one column short of the width", () => {
  const stream = new FakeStream("terminal");
  const clock = new FakeClock();
  using screen = new Screen(stream, clock);
  stream.width = 10;
  screen.setBottom((columns) => "=".repeat(columns));
  stream.width = 5;
  clock.advance(100);
  screen.refresh();
  clock.advance(100);
  assert.deepEqual(stream.writes, ["=========", "\r\x1b[K===="]);
  screen.refresh();
  clock.advance(100);
  assert.equal(stream.writes.length, 2, "the same line is not drawn again");
});

Deno.test("Screen has no bottom line where no terminal is", () => {
  const stream = new FakeStream();
  {
    using screen = new Screen(stream, new FakeClock());
    screen.setBottom(() => "progress");
    screen.print("one");
  }
  assert.equal(stream.text, "one\n");
});

Deno.test("writeAll() goes on after a part, and when the pipe was full", () => {
  const written: number[] = [];
  let full = true;
  const file = {
    writeSync: (bytes: Uint8Array) => {
      if (written.length === 2 && full) {
        full = false;
        throw new Deno.errors.WouldBlock();
      }
      written.push(...bytes.subarray(0, 1));
      return 1;
    },
  };
  assert.equal(writeAll(file, Uint8Array.of(1, 2, 3)), true);
  assert.deepEqual(written, [1, 2, 3]);
});

Deno.test("writeAll() is false when nobody reads any more", () => {
  const file = {
    writeSync: () => {
      throw new Deno.errors.BrokenPipe();
    },
  };
  assert.equal(writeAll(file, Uint8Array.of(1)), false);
});
