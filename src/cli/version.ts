/** What the program and its surroundings call themselves. */
import manifest from "../../deno.json" with { type: "json" };

/** The bare version number: `9.0.0`. */
export const VERSION: string = manifest.version;

/** Program, library and runtime: what `-V` shows. */
export function formatVersions(): string {
  return `offlineimap v${VERSION}, ${formatEnvironment()}`;
}

/** Library and runtime, one line: `imapflow v2.1.2, Deno v2.9.6, linux x86_64`. */
export function formatEnvironment(): string {
  const { os, arch } = Deno.build;
  return `imapflow v${versionOf(manifest.imports.imapflow)}, ` +
    `Deno v${Deno.version.deno}, V8 v${Deno.version.v8}, ${os} ${arch}`;
}

/** The version in `npm:name@1.2.3`. */
function versionOf(specifier: string): string {
  return specifier.slice(specifier.lastIndexOf("@") + 1);
}
