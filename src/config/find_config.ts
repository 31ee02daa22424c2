/** Where the configuration file is, and its text. */
import { decodeText } from "../decode_text.ts";
import { MailError, messageOf } from "../errors.ts";
import { absolutePath, expandUser } from "./expand_path.ts";
import { type Host, pathOf } from "./host.ts";

/** A file that was found and read. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * The files of which the first existing one is the configuration.
 *
 * `given` (`-c`) is the only one if there is one; of it just `~` is expanded.
 * Otherwise `$XDG_CONFIG_HOME/offlineimap/config` (unset or empty: `~/.config`)
 * and `~/.offlineimaprc`; on Windows `%APPDATA%\offlineimap\config` between them.
 */
export function configCandidates(host: Host, given?: string): string[] {
  if (given !== undefined) return [absolutePath(expandUser(given, host), host)];
  const { join } = pathOf(host);
  const below = (base: string | undefined, ...parts: string[]) =>
    base === undefined || base === "" ? [] : [join(base, ...parts)];
  const { home } = host;
  const xdg = host.env("XDG_CONFIG_HOME") ||
    (home === undefined ? undefined : join(home, ".config"));
  return [
    ...below(xdg, "offlineimap", "config"),
    ...(host.platform === "windows"
      ? below(host.env("APPDATA"), "offlineimap", "config")
      : []),
    ...below(home, ".offlineimaprc"),
  ];
}

/**
 * Read the configuration file.
 *
 * @throws {MailError} `config.file` when there is none or it cannot be read;
 * `config.syntax` when it is not UTF-8.
 */
export async function readConfigText(
  host: Host,
  given?: string,
): Promise<ConfigText> {
  const candidates = configCandidates(host, given);
  for (const file of candidates) {
    const bytes = await readIfExists(file);
    if (bytes !== undefined) return { file, text: decodeConfig(bytes, file) };
  }
  throw new MailError(
    given === undefined
      ? `There is no configuration: none of ${candidates.join(", ")} exists`
      : `There is no configuration file ${candidates.join("")}`,
    {
      code: "config.file",
      scope: "run",
      retry: "never",
      hint: "Copy offlineimaprc.example to ~/.offlineimaprc and fill in its " +
        "first part, or name a file with -c",
    },
  );
}

async function readIfExists(file: string): Promise<Uint8Array | undefined> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return undefined;
    throw new MailError(
      `Cannot read the configuration ${file}: ${messageOf(error)}`,
      { code: "config.file", scope: "run", retry: "never", cause: error },
    );
  }
}

/**
 * The text of a file, see {@link decodeText}.
 *
 * @throws {MailError} `config.syntax` that names the line of the first bad byte.
 */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return decodeText(bytes, { fatal: true });
  } catch {
    const line = firstBadLine(bytes);
    throw new MailError(
      `Cannot read the configuration ${file}: line ${line} is not UTF-8`,
      {
        code: "config.syntax",
        scope: "run",
        retry: "never",
        hint: "Save the file in the encoding UTF-8",
      },
    );
  }
}

function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const newline = 0x0a;
  let line = 1;
  // No byte of a multi-byte letter equals a newline, so lines decode alone.
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return line;
}
