/** What a release has beside its executables. */
import { join } from "node:path";
import manifest from "../deno.json" with { type: "json" };
import { COMPLETION_SCRIPTS } from "../src/cli/completion/scripts.ts";
import { VERSION } from "../src/cli/version.ts";
import { formatManPage } from "./man_page.ts";
import { type Bill, billOfMaterials, type LockedPackage } from "./sbom.ts";

/** Packages that only tests use. */
const TEST_ONLY: ReadonlySet<string> = new Set([
  "fast-check",
  "@xmldom/xmldom",
]);

/** Writes licence, manual page, completions and bill of materials into `folder`. */
export function writeExtras(folder: string): void {
  Deno.copyFileSync(
    new URL("../LICENSE", import.meta.url),
    join(folder, "LICENSE"),
  );
  Deno.writeTextFileSync(join(folder, "offlineimap.1"), formatManPage());
  for (const [shell, script] of Object.entries(COMPLETION_SCRIPTS)) {
    const path = join(folder, `offlineimap-completion.${shell}`);
    Deno.writeTextFileSync(path, script);
  }
  Deno.writeTextFileSync(
    join(folder, "offlineimap.cdx.json"),
    `${JSON.stringify(releaseBill(), undefined, 2)}\n`,
  );
}

/** The bill of materials of this version. */
export function releaseBill(): Bill {
  const file = new URL("../deno.lock", import.meta.url);
  const lock: { npm: Record<string, LockedPackage> } = JSON.parse(
    Deno.readTextFileSync(file),
  );
  const roots = Object.entries(manifest.imports)
    .filter(([name]) => !TEST_ONLY.has(name))
    .map(([, specifier]) => specifier.replace(/^npm:/, ""));
  return billOfMaterials({
    name: "offlineimap",
    version: VERSION,
    roots,
    packages: lock.npm,
  });
}

/** Writes SHA256SUMS of all files in `folder` but itself, as sha256sum does. */
export async function writeChecksums(folder: string): Promise<void> {
  const names = [...Deno.readDirSync(folder)]
    .filter(({ name, isFile }) => isFile && name !== "SHA256SUMS")
    .map(({ name }) => name).sort();
  let lines = "";
  for (const name of names) {
    const bytes = await Deno.readFile(join(folder, name));
    lines += `${await sha256(bytes)}  ${name}\n`;
  }
  Deno.writeTextFileSync(join(folder, "SHA256SUMS"), lines);
}

/** Lower-case hexadecimal digits. */
async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(digest).toHex();
}
