import assert from "node:assert/strict";
import { RunControl } from "../../../src/account/run_control.ts";
import {
  listenForSignals,
  type SignalSource,
} from "../../../src/cli/signals.ts";

/** Signals that a test sends. */
class FakeSource implements SignalSource {
  readonly handlers = new Map<Deno.Signal, () => void>();

  add(signal: Deno.Signal, handler: () => void): void {
    this.handlers.set(signal, handler);
  }

  remove(signal: Deno.Signal, handler: () => void): void {
    assert.equal(this.handlers.get(signal), handler);
    this.handlers.delete(signal);
  }

  send(signal: Deno.Signal): void {
    this.handlers.get(signal)?.();
  }
}

function listen(platform: string) {
  const source = new FakeSource();
  const control = new RunControl();
  const texts: string[] = [];
  const exits: number[] = [];
  const listener = listenForSignals({
    platform,
    control,
    source,
    warn: (text) => texts.push(text),
    exit: () => exits.push(1),
  });
  return { source, control, texts, exits, listener };
}

Deno.test("listenForSignals() follows the signals that Windows has", () => {
  const { source, listener } = listen("windows");
  assert.deepEqual([...source.handlers.keys()], [
    "SIGINT",
    "SIGBREAK",
    "SIGHUP",
  ]);
  listener[Symbol.dispose]();
  assert.equal(source.handlers.size, 0);
});

Deno.test("listenForSignals() goes without a signal that the platform lacks", () => {
  const source = new FakeSource();
  const add = source.add.bind(source);
  source.add = (signal, handler) => {
    if (signal === "SIGBREAK") throw new TypeError("Invalid signal");
    add(signal, handler);
  };
  const control = new RunControl();
  const listener = listenForSignals({
    platform: "windows",
    control,
    source,
    warn: () => {},
    exit: () => {},
  });
  source.send("SIGINT");
  assert.equal(control.ending, true);
  listener[Symbol.dispose]();
  assert.equal(source.handlers.size, 0);
});

Deno.test("listenForSignals() wakes on SIGUSR1 without a word", () => {
  const { source, control, texts } = listen("linux");
  source.send("SIGUSR1");
  assert.equal(control.wakes, 1);
  assert.equal(control.ending, false);
  assert.deepEqual(texts, []);
});

Deno.test.each([{ signal: "SIGUSR2" }, { signal: "SIGABRT" }] as const)(
  "listenForSignals() finishes the sync on $signal",
  ({ signal }) => {
    const { source, control, texts } = listen("darwin");
    source.send(signal);
    assert.equal(control.ending, true);
    assert.equal(control.signal.aborted, false);
    assert.deepEqual(texts, ["Terminating after this sync..."]);
  },
);

Deno.test("listenForSignals() stops, and at the third time exits", () => {
  const { source, control, texts, exits } = listen("linux");
  source.send("SIGTERM");
  assert.equal(control.signal.aborted, true);
  source.send("SIGHUP");
  assert.equal(exits.length, 0);
  source.send("SIGINT");
  assert.equal(exits.length, 1);
  assert.match(texts[0] ?? "", /^Preparing to shutdown after sync \(/);
  assert.deepEqual(texts.slice(1), ["Signaled thrice. Aborting!"]);
});

Deno.test("listenForSignals() takes Ctrl-C at a prompt for SIGINT", () => {
  const { source, control, exits, listener } = listen("linux");
  listener.interrupt();
  assert.equal(control.signal.aborted, true);
  source.send("SIGINT");
  source.send("SIGINT");
  assert.equal(exits.length, 1);
});

const CHILD = new URL("signals_child.ts", import.meta.url).href;

/** A real process that gets signals and is read line by line. */
async function spawnChild(mode: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", CHILD, mode],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const nextLine = async () => {
    while (!text.includes("\n")) {
      const { value, done } = await lines.read();
      if (done) return "(end)";
      text += value;
    }
    const end = text.indexOf("\n");
    const line = text.slice(0, end);
    text = text.slice(end + 1);
    return line;
  };
  assert.equal(await nextLine(), "ready");
  return {
    send: async (signal: Deno.Signal) => {
      child.kill(signal);
      return await nextLine();
    },
    nextLine,
    end: async () => {
      const { code } = await child.status;
      await lines.cancel();
      return code;
    },
  };
}

const posix = { ignore: Deno.build.os === "windows" };

Deno.test("a process wakes, finishes, and ends by itself", posix, async () => {
  const child = await spawnChild("obedient");
  assert.match(await child.send("SIGUSR1"), /^wakes 1, ending false/);
  assert.match(await child.send("SIGUSR2"), /^Terminating after this sync/);
  assert.match(await child.nextLine(), /^wakes 1, ending true, aborted false/);
  assert.equal(await child.end(), 0);
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(
    `a process stops on ${signal} and ends by itself`,
    posix,
    async () => {
      const child = await spawnChild("obedient");
      assert.match(await child.send(signal), /^Preparing to shutdown/);
      assert.match(await child.nextLine(), /aborted true$/);
      assert.equal(await child.end(), 0);
    },
  );
}

Deno.test(
  "a process that does not stop ends at the third signal",
  posix,
  async () => {
    const child = await spawnChild("stubborn");
    assert.match(await child.send("SIGINT"), /^Preparing to shutdown/);
    assert.match(await child.nextLine(), /aborted true$/);
    assert.match(await child.send("SIGTERM"), /aborted true$/);
    assert.equal(await child.send("SIGINT"), "Signaled thrice. Aborting!");
    assert.equal(await child.end(), 1);
  },
);
