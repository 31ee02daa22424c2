/** The only ways out of an expression, handed in where they are permitted. */
import { Unsupported } from "./raised.ts";

/** What `os` and `open` may reach. All of it is synchronous, as in Python. */
export interface PythonHost {
  /** `os.environ.get(name)`. @throws When reading it is not permitted. */
  environment(name: string): string | undefined;
  /** All of `os.environ`, for iteration. @throws When not permitted. */
  allEnvironment(): Readonly<Record<string, string>>;
  /** The bytes of a file, for `open(path).read()`. @throws As `Deno.readFileSync`. */
  readFile(path: string): Uint8Array;
  /** Whether a path exists and what it is. @throws When not permitted. */
  kindOf(path: string): "file" | "directory" | "other" | undefined;
  /** True where paths are those of Windows. */
  readonly windows: boolean;
}

/** The host of a real run: this process's environment and file system. */
export function denoHost(): PythonHost {
  return {
    windows: Deno.build.os === "windows",
    environment: (name) => Deno.env.get(name),
    allEnvironment: () => Deno.env.toObject(),
    readFile: (path) => Deno.readFileSync(path),
    kindOf(path) {
      try {
        const info = Deno.statSync(path);
        if (info.isFile) return "file";
        return info.isDirectory ? "directory" : "other";
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      }
    },
  };
}

/**
 * The host of a sandbox: whatever is asked of it has to be evaluated elsewhere, by
 * the {@link PythonHelper}.
 */
export function closedHost(): PythonHost {
  const elsewhere = (): never => {
    throw new Unsupported("this cannot be read inside of the sandbox");
  };
  return {
    windows: Deno.build.os === "windows",
    environment: elsewhere,
    allEnvironment: elsewhere,
    readFile: elsewhere,
    kindOf: elsewhere,
  };
}
