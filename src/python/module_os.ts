/** Modules `os` and `os.path`, as far as names and environment go. */
import { asking, Environment } from "./environment.ts";
import type { PythonHost } from "./host.ts";
import { builtin } from "./native.ts";
import { typeError, Unsupported } from "./raised.ts";
import {
  type Callable,
  Module,
  Tuple,
  typeName,
  type Value,
} from "./values.ts";

/** `os` of a host. */
export function osModule(host: PythonHost): Module {
  const environ = new Environment(host);
  const path = pathModule(host);
  return new Module(
    "os",
    new Map<string, Value>([
      ["environ", environ],
      [
        "getenv",
        builtin(
          "getenv",
          "key, default?",
          (args) => environ.get(args.at(0)) ?? args.at(1),
        ),
      ],
      ["linesep", host.windows ? "\r\n" : "\n"],
      ["name", host.windows ? "nt" : "posix"],
      ["path", path],
      ["sep", host.windows ? "\\" : "/"],
    ]),
  );
}

function pathModule(host: PythonHost): Module {
  const separator = host.windows ? "\\" : "/";
  const isSeparator = (character: string) =>
    character === "/" || character === separator;
  const home = () =>
    asking(
      "HOME",
      () => host.environment(host.windows ? "USERPROFILE" : "HOME"),
    );

  /** Length of the part that no `..` can leave: `C:\`, `/`. */
  function rootLength(path: string): number {
    const drive = host.windows && /^[A-Za-z]:/.test(path) ? 2 : 0;
    let end = drive;
    while (isSeparator(path.charAt(end))) end += 1;
    return end;
  }

  function split(path: string): [head: string, tail: string] {
    let end = path.length;
    const root = rootLength(path);
    while (end > root && !isSeparator(path.charAt(end - 1))) end -= 1;
    let head = end;
    while (head > root && isSeparator(path.charAt(head - 1))) head -= 1;
    return [path.slice(0, head), path.slice(end)];
  }

  function splitExtension(path: string): [root: string, extension: string] {
    const [, tail] = split(path);
    const name = tail.replace(/^\.+/, "");
    const dot = name.lastIndexOf(".");
    if (dot < 0) return [path, ""];
    const length = name.length - dot;
    return [path.slice(0, -length), path.slice(-length)];
  }

  function join(parts: readonly string[]): string {
    return parts.reduce((path, part) => {
      if (rootLength(part) > 0) return part;
      if (path === "" || isSeparator(path.charAt(path.length - 1))) {
        return path + part;
      }
      return path + separator + part;
    });
  }

  function normalise(path: string): string {
    const root = rootLength(path);
    const parts: string[] = [];
    for (const part of path.slice(root).split(host.windows ? /[\\/]/ : "/")) {
      if (part === "" || part === ".") continue;
      if (part !== ".." || (parts.length === 0 && root === 0)) parts.push(part);
      else if (parts.at(-1) === "..") parts.push(part);
      else parts.pop();
    }
    // POSIX keeps exactly two slashes in front.
    const start = host.windows
      ? path.slice(0, root).replaceAll("/", "\\")
      : root === 2
      ? "//"
      : root > 0
      ? "/"
      : "";
    return start + parts.join(separator) || ".";
  }

  function expandUser(path: string): string {
    if (!path.startsWith("~")) return path;
    if (path.length > 1 && !isSeparator(path.charAt(1))) {
      throw new Unsupported("home directories of other users");
    }
    const base = home();
    return base === undefined
      ? path
      : base.replace(host.windows ? /[\\/]+$/ : /\/+$/, "") + path.slice(1) ||
        "/";
  }

  function expandVariables(path: string): string {
    return path.replaceAll(
      /\$(?:(\w+)|\{([^{}]+)\})/g,
      (all, plain: string | undefined, braced: string | undefined) => {
        const name = plain ?? braced ?? "";
        return asking(name, () => host.environment(name)) ?? all;
      },
    );
  }

  const kindOf = (path: string) => asking(path, () => host.kindOf(path));
  const functions: readonly Callable[] = [
    ...textFunctions({
      basename: (path) => split(path)[1],
      dirname: (path) => split(path)[0],
      expanduser: expandUser,
      expandvars: expandVariables,
      normpath: normalise,
      exists: (path) => kindOf(path) !== undefined,
      isdir: (path) => kindOf(path) === "directory",
      isfile: (path) => kindOf(path) === "file",
      isabs: (path) =>
        isSeparator(path.charAt(Math.max(rootLength(path) - 1, 0))),
      split: (path) => new Tuple(split(path)),
      splitext: (path) => new Tuple(splitExtension(path)),
    }),
    builtin(
      "join",
      "path, /, *paths",
      (args) => join([args.text(0), ...args.rest.map(pathText)]),
    ),
  ];
  return new Module(
    "os.path",
    new Map<string, Value>([
      ...functions.map((item): [string, Value] => [item.name, item]),
      ["sep", separator],
    ]),
  );
}

/** Functions of one path. */
function textFunctions(
  functions: Readonly<Record<string, (path: string) => Value>>,
): Callable[] {
  return Object.entries(functions).map(([name, body]) =>
    builtin(name, "path, /", (args) => body(args.text(0)))
  );
}

/** A later part of a path. */
function pathText(value: Value): string {
  if (typeof value === "string") return value;
  throw typeError(
    `join() argument must be str or os.PathLike object, not '${
      typeName(value)
    }'`,
  );
}
