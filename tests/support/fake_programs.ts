/** Programs of the system, replaced by shell scripts in a folder of the PATH. */
import { join } from "node:path";

/** A folder of programs that say what they were called with. */
export interface FakePrograms extends AsyncDisposable {
  readonly folder: string;
  /** Variables with which the programs are found: PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** What all of them were given: a line for each call, then its input. */
  calls(): string;
}

/** Why tests with such programs cannot run here; empty: they can. */
export const WITHOUT_SHELL = Deno.build.os === "windows";

/**
 * Makes programs: names to the bodies of shell scripts. `$LOG` gets a line of
 * arguments for each call by itself; `$HERE` is the folder.
 */
export function fakePrograms(
  programs: Readonly<Record<string, string>>,
): FakePrograms {
  const folder = Deno.makeTempDirSync({ prefix: "oi-programs-" });
  const log = join(folder, "log");
  Deno.writeTextFileSync(log, "");
  for (const [name, body] of Object.entries(programs)) {
    Deno.writeTextFileSync(
      join(folder, name),
      `#!/bin/sh\nHERE='${folder}' LOG='${log}'\n` +
        `printf '%s\n' "${name} $*" >>"$LOG"\n${body}\n`,
      { mode: 0o755 },
    );
  }
  return {
    folder,
    env: { PATH: `${folder}:${Deno.env.get("PATH") ?? ""}` },
    calls: () => Deno.readTextFileSync(log),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** `secret-tool`: keeps one file for each service and user. */
export const SECRET_TOOL = `
what=$1; shift
while [ $# -gt 0 ]; do
  case $1 in
    service) service=$2; shift ;;
    username) user=$2; shift ;;
    application) application=$2; shift ;;
  esac
  shift
done
file="$HERE/entry-$service-$user"
case $what in
  lookup) [ -f "$file" ] || exit 1; cat "$file" ;;
  store) [ -n "$application" ] || exit 2; cat >"$file" ;;
esac`;

/** `security` of macOS: 44 where there is none; \`-i\` reads commands. */
export const SECURITY = `
if [ "$1" = -i ]; then
  read -r line
  printf 'input %s\\n' "$line" >>"$LOG"
  hex=$(printf '%s' "$line" | sed 's/.*-X //')
  printf '%s' "$hex" >"$HERE/entry"
  exit 0
fi
[ -f "$HERE/entry" ] || { echo "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain." >&2; exit 44; }
echo 'keychain: "/Users/x/Library/Keychains/login.keychain-db"'
hex=$(cat "$HERE/entry" | tr a-f A-F)
if [ -f "$HERE/plain" ]; then printf 'password: "%s"\\n' "$(cat "$HERE/plain")" >&2
else printf 'password: 0x%s  "..."\\n' "$hex" >&2; fi`;

/** `powershell.exe`: takes the script for read or write by its size of input. */
export const POWERSHELL = `
read -r line || true
file="$HERE/entry-$OFFLINEIMAP_KEYRING_HOST-$OFFLINEIMAP_KEYRING_USER"
if [ -n "$line" ]; then printf '%s' "$line" >"$file"; exit 0; fi
[ -f "$file" ] || exit 44
cat "$file"`;
