/** `os.environ`, read through the host. */
import { Dict } from "./collections.ts";
import type { PythonHost } from "./host.ts";
import { Raised, Stop, typeError, Unsupported } from "./raised.ts";
import { typeName, type Value } from "./values.ts";

/**
 * Runs what may be forbidden; what it throws becomes an `OSError`, unless the host
 * says that it is to be done elsewhere.
 */
export function asking<T>(what: string, ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof Stop) throw error;
    const name = error instanceof Error ? error.name : "";
    if (name === "NotFound") {
      throw new Raised(
        "FileNotFoundError",
        `[Errno 2] No such file or directory: '${what}'`,
      );
    }
    throw new Raised(
      name === "NotCapable" || name === "PermissionDenied"
        ? "PermissionError"
        : "OSError",
      `cannot read '${what}'`,
    );
  }
}

/** A dict that looks up each name when it is asked for it, and not before. */
export class Environment extends Dict {
  readonly #host: PythonHost;

  constructor(host: PythonHost) {
    super();
    this.#host = host;
  }

  override get size(): number {
    return Object.keys(this.#all()).length;
  }

  override get(key: Value): string | undefined {
    if (typeof key !== "string") {
      throw typeError(`str expected, not ${typeName(key)}`);
    }
    // Deno refuses such names, which no variable has.
    if (key === "" || /[=\0]/.test(key)) return undefined;
    return asking(key, () => this.#host.environment(key));
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  override *entries(): Generator<[Value, Value], undefined> {
    for (const entry of Object.entries(this.#all())) yield entry;
  }

  override set(): void {
    throw new Unsupported("os.environ cannot be changed here");
  }

  override remove(): undefined {
    throw new Unsupported("os.environ cannot be changed here");
  }

  override clear(): void {
    throw new Unsupported("os.environ cannot be changed here");
  }

  #all(): Readonly<Record<string, string>> {
    return asking("environ", () => this.#host.allEnvironment());
  }
}
