// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Makes a Debian package of an executable:
 * `deno run -A scripts/debian_package.ts EXECUTABLE ARCHITECTURE FOLDER`.
 * Needs dpkg-deb and gzip.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMPLETION_SCRIPTS } from "../src/cli/completion/scripts.ts";
import { VERSION } from "../src/cli/version.ts";
import { formatManPage } from "./man_page.ts";
import { writeChecksums } from "./release_files.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Debian's names of what executables are made for. */
export type Architecture = "amd64" | "arm64";

/** What one is made of. */
export interface DebianOptions {
  /** Path of the executable. */
  readonly executable: string;
  readonly architecture: Architecture;
  /** Where the package goes. */
  readonly folder: string;
}

/**
 * Makes the package. It takes the place of OfflineIMAP's, whose command has the
 * same name.
 * @returns Its path.
 * @throws {Error} When dpkg-deb fails.
 */
export async function makeDebianPackage(
  { executable, architecture, folder }: DebianOptions,
): Promise<string> {
  const tree = await Deno.makeTempDir({ prefix: "offlineimap-deb-" });
  try {
    // Its owner's umask may be narrow: all may read what is installed.
    await Deno.chmod(tree, 0o755);
    await put(
      tree,
      "usr/bin/offlineimap",
      await Deno.readFile(executable),
      0o755,
    );
    await putText(tree, "usr/share/man/man1/offlineimap.1", formatManPage());
    await run("gzip", ["-9n", join(tree, "usr/share/man/man1/offlineimap.1")]);
    const licence = await Deno.readTextFile(join(ROOT, "LICENSE"));
    await putText(tree, "usr/share/doc/offlineimap/copyright", licence);
    for (const [shell, path] of Object.entries(COMPLETION_PATHS)) {
      await putText(tree, path, COMPLETION_SCRIPTS[shell] ?? "");
    }
    const { size } = await Deno.stat(executable);
    const kibibytes = Math.ceil(size / 1024);
    await putText(tree, "DEBIAN/control", control(architecture, kibibytes));
    const name = `offlineimap_${VERSION}_${architecture}.deb`;
    const path = join(folder, name);
    await Deno.mkdir(folder, { recursive: true });
    await run("dpkg-deb", [
      "--root-owner-group",
      "-Zxz",
      "--build",
      tree,
      path,
    ]);
    return path;
  } finally {
    await Deno.remove(tree, { recursive: true });
  }
}

const COMPLETION_PATHS: Readonly<Record<string, string>> = {
  bash: "usr/share/bash-completion/completions/offlineimap",
  zsh: "usr/share/zsh/vendor-completions/_offlineimap",
  fish: "usr/share/fish/vendor_completions.d/offlineimap.fish",
};

function control(architecture: Architecture, kibibytes: number): string {
  return `Package: offlineimap
Version: ${VERSION}
Architecture: ${architecture}
Maintainer: The offlineimap authors <offlineimap@localhost>
Installed-Size: ${kibibytes}
Depends: libc6 (>= 2.31), libgcc-s1
Suggests: python3
Conflicts: offlineimap3
Replaces: offlineimap3
Provides: offlineimap3
Section: mail
Priority: optional
Description: IMAP accounts and local Maildirs kept in step, both ways
 Takes the place of OfflineIMAP: configuration, metadata, Maildirs and flags are
 the same, and nothing is downloaded again.
`;
}

async function putText(tree: string, path: string, text: string) {
  await put(tree, path, new TextEncoder().encode(text), 0o644);
}

async function put(
  tree: string,
  path: string,
  bytes: Uint8Array,
  mode: number,
): Promise<void> {
  let folder = tree;
  for (const part of dirname(path).split("/")) {
    folder = join(folder, part);
    await Deno.mkdir(folder, { recursive: true });
    await Deno.chmod(folder, 0o755);
  }
  await Deno.writeFile(join(tree, path), bytes);
  await Deno.chmod(join(tree, path), mode);
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
  }).output();
  if (!success) {
    throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  }
}

if (import.meta.main) {
  const [executable, architecture, folder = "dist"] = Deno.args;
  if (
    executable === undefined ||
    (architecture !== "amd64" && architecture !== "arm64")
  ) {
    console.error("Usage: debian_package.ts EXECUTABLE amd64|arm64 [FOLDER]");
    Deno.exitCode = 2;
  } else {
    console.log(await makeDebianPackage({ executable, architecture, folder }));
    // Those of what lies beside it, which is what is published with it.
    await writeChecksums(folder);
  }
}
