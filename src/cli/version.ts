/** What the program and its surroundings call themselves. */
import manifest from "../../deno.json" with { type: "json" };

/** The bare version number: `9.0.0`. */
export const VERSION: string = manifest.version;

/** Program and runtime: what `-V` shows. */
export function formatVersions(): string {
  return `offlineimap v${VERSION}, ${formatEnvironment()}`;
}

/** The runtime and the system, one line: `Deno v2.9.6, V8 v15.0, linux x86_64`. */
export function formatEnvironment(): string {
  const { os, arch } = Deno.build;
  return `Deno v${Deno.version.deno}, V8 v${Deno.version.v8}, ${os} ${arch}`;
}
