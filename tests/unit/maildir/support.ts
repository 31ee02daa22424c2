/** Maildirs in temporary directories for the tests of their store. */
import type { Step } from "../../../src/effects.ts";
import {
  type MaildirOptions,
  MaildirStore,
} from "../../../src/maildir/store.ts";
import type { Mailbox } from "../../../src/sync/ports.ts";

/** The mark of a mailbox named `INBOX`. */
export const INBOX_MARK = "7e33429f656f1e6e9d79b29c3f82c57e";

/** A directory that is removed in the end. */
export class TempDir implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "maildir-" });

  [Symbol.asyncDispose](): Promise<void> {
    return Deno.remove(this.path, { recursive: true });
  }
}

/** A Maildir tree with one mailbox, `INBOX`, and a clock of its own. */
export class TestTree extends TempDir {
  readonly root = `${this.path}/mail`;
  readonly inbox = `${this.root}/INBOX`;
  /** Milliseconds that the store's clock runs ahead. */
  ahead = 0;
  readonly steps: string[] = [];
  onStep: (name: string) => void = () => {};

  readonly step: Step = (_kind, name) => {
    this.steps.push(name);
    this.onStep(name);
  };

  constructor() {
    super();
    makeMaildir(this.inbox);
  }

  store(options: Partial<MaildirOptions> = {}): MaildirStore {
    return new MaildirStore({
      root: this.root,
      fsync: false,
      now: () => Date.now() + this.ahead,
      pid: 13048,
      hostname: "host",
      step: this.step,
      ...options,
    });
  }

  open(
    options: Partial<MaildirOptions> = {},
    name = "INBOX",
  ): Promise<Mailbox> {
    return this.store(options).open(name, { readOnly: false });
  }

  /** Puts a file into `INBOX` as another program would. */
  put(path: string, content = "Subject: x\n\nx\n"): void {
    Deno.writeTextFileSync(`${this.inbox}/${path}`, content);
  }

  /**
   * Makes all directories ten seconds old, so that what changes next changes
   * their times: within one tick of the system's clock it would not.
   */
  age(directory = this.root): void {
    for (const { name, isDirectory } of Deno.readDirSync(directory)) {
      if (isDirectory) this.age(`${directory}/${name}`);
    }
    const then = new Date(Date.now() - 10_000);
    Deno.utimeSync(directory, then, then);
  }

  /** `new/NAME` and `cur/NAME` of all files in `INBOX`, sorted. */
  files(): string[] {
    return filesOf(this.inbox);
  }
}

/** Makes an empty Maildir. */
export function makeMaildir(path: string): void {
  for (const part of ["cur", "new", "tmp"]) {
    Deno.mkdirSync(`${path}/${part}`, { recursive: true });
  }
}

/** The files of a Maildir incl. those in `tmp`, sorted. */
export function filesOf(path: string): string[] {
  return ["cur", "new", "tmp"].flatMap((part) =>
    [...Deno.readDirSync(`${path}/${part}`)].map(({ name }) =>
      `${part}/${name}`
    )
  ).sort();
}

/** Whether this process may do everything, so that permissions prove nothing. */
export function isRoot(): boolean {
  return Deno.build.os === "windows" || Deno.uid() === 0;
}
