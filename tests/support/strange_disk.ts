/** The file systems of Windows and macOS, as far as names go, under this process. */
import fs from "node:fs";
import { join } from "node:path";

/** Which file system. */
export type DiskKind = "ntfs" | "apfs" | "hfs+";

/** What makes one differ. */
interface Rules {
  readonly os: typeof Deno.build.os;
  /** Names that give the same text are the same file. */
  readonly key: (name: string) => string;
  /** What a new file's name is stored as. */
  readonly stored: (name: string) => string;
  /** Why there can be no such file. */
  readonly refuses: (name: string) => boolean;
}

const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)/i;

const RULES: Readonly<Record<DiskKind, Rules>> = {
  ntfs: {
    os: "windows",
    // By its own table, which knows single letters only: ß is not SS there.
    key: (name) =>
      Array.from(name, (letter) => {
        const upper = letter.toUpperCase();
        return upper.length === letter.length ? upper : letter;
      }).join(""),
    // The calls of Windows drop what is at the end.
    stored: (name) => name.replace(/[. ]+$/, ""),
    refuses: (name) =>
      // deno-lint-ignore no-control-regex
      /[\x00-\x1f<>:"/\\|?*]/.test(name) || DEVICE.test(name),
  },
  apfs: {
    os: "darwin",
    key: (name) => name.normalize("NFD").toLowerCase(),
    stored: (name) => name,
    refuses: (name) => name.includes("\0"),
  },
  "hfs+": {
    os: "darwin",
    key: (name) => name.normalize("NFD").toLowerCase(),
    stored: (name) => name.normalize("NFD"),
    refuses: (name) => name.includes("\0"),
  },
};

/** Functions of `Deno` with a path in front, and with two. */
const ONE_PATH = [
  ...["stat", "lstat", "open", "mkdir", "readDir", "remove", "readFile"],
  ...["readTextFile", "writeFile", "writeTextFile", "utime", "realPath"],
];
const TWO_PATHS = ["rename", "copyFile"];
/** What another program's open file keeps from. */
const KEPT = new Set(["open", "remove", "rename"]);

type Call = (...args: unknown[]) => unknown;

/**
 * While it is not disposed of, everything below a directory is on such a disk for
 * what calls `Deno` and `fs.existsSync()`. See {@link StrangeDisk.pretend}.
 */
export class StrangeDisk implements Disposable {
  readonly #root: string;
  readonly #rules: Rules;
  readonly #list: (path: string) => string[];
  readonly #undo: (() => void)[] = [];
  /** Files that another program has open, and for how many calls. */
  readonly #held = new Map<string, number>();

  /** @param root An existing directory of the real disk. */
  constructor(root: string, readonly kind: DiskKind) {
    this.#root = root;
    this.#rules = RULES[kind];
    const { readDirSync } = Deno;
    this.#list = (path) => [...readDirSync(path)].map(({ name }) => name);
    const calls = Deno as unknown as Record<string, Call>;
    for (const name of [...ONE_PATH, ...TWO_PATHS]) {
      for (const full of name === "readDir" ? [name] : [name, `${name}Sync`]) {
        this.#wrap(calls, full, TWO_PATHS.includes(name) ? 2 : 1);
      }
    }
    this.#wrap(calls, "readDirSync", 1);
    const files = fs as unknown as Record<string, Call>;
    this.#wrap(files, "accessSync", 1);
    const { existsSync } = fs;
    files["existsSync"] = (path) => {
      try {
        return existsSync(this.#resolve(String(path)));
      } catch {
        return false;
      }
    };
    this.#undo.push(() => fs.existsSync = existsSync);
  }

  /** Runs something as a program of that system. */
  async pretend<T>(work: () => Promise<T>): Promise<T> {
    const { build } = Deno;
    const there = Deno as { build: typeof Deno.build };
    there.build = { ...build, os: this.#rules.os };
    try {
      return await work();
    } finally {
      there.build = build;
    }
  }

  /** Another program has this file open for so many more calls. */
  hold(path: string, calls: number): void {
    this.#held.set(path, calls);
  }

  /** The names in a directory, as the disk stores them. */
  names(path: string): string[] {
    return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  }

  [Symbol.dispose](): void {
    for (const undo of this.#undo.reverse()) undo();
  }

  #wrap(on: Record<string, Call>, name: string, paths: number): void {
    const real = on[name];
    if (real === undefined) throw new Error(`There is no ${name}()`);
    this.#undo.push(() => on[name] = real);
    const kind = name.replace(/Sync$/, "");
    const inCall = (args: unknown[]) => {
      const [from] = args;
      const resolved = args.map((arg, at) =>
        at < paths && typeof arg === "string" ? this.#resolve(arg) : arg
      );
      if (typeof from === "string" && KEPT.has(kind)) this.#mayTouch(resolved);
      return real(...resolved);
    };
    const isAsync = kind === name && kind !== "readDir";
    on[name] = isAsync
      ? async (...args) => await inCall(args)
      : (...args) => inCall(args);
  }

  #mayTouch([path]: unknown[]): void {
    const calls = this.#held.get(String(path)) ?? 0;
    if (calls <= 0) return;
    this.#held.set(String(path), calls - 1);
    throw refusal(
      "EBUSY",
      "The process cannot access the file because it is being used by " +
        "another process. (os error 32)",
    );
  }

  /** The real path of what a program means by `path`. */
  #resolve(path: string): string {
    if (path !== this.#root && !path.startsWith(`${this.#root}/`)) return path;
    const { key, refuses, stored } = this.#rules;
    let real = this.#root;
    for (const part of path.slice(this.#root.length).split("/")) {
      if (part === "" || part === ".") continue;
      if (refuses(part)) {
        throw refusal(
          "ENOENT",
          "The filename, directory name, or volume label syntax is " +
            "incorrect. (os error 123)",
        );
      }
      const name = stored(part);
      real = join(real, this.#entry(real, name, key) ?? name);
    }
    return real;
  }

  /** The entry of a real directory that has this name. */
  #entry(
    directory: string,
    name: string,
    key: (name: string) => string,
  ): string | undefined {
    try {
      return this.#list(directory).find((other) => key(other) === key(name));
    } catch {
      // No directory: the call itself will say so.
      return undefined;
    }
  }
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
