/** The machine, in general terms. */
import { cpus, totalmem } from "node:os";
import { versionOf } from "./products/version_of.ts";

/**
 * Cores, memory, file system and versions in one sentence: what figures depend
 * on, nothing that names the machine.
 * @param folder On the file system that is worked on.
 */
export async function describeMachine(folder: string): Promise<string> {
  const gigabytes = Math.round(totalmem() / 1e9);
  const kernel = `${Deno.build.os} ${majorOf(Deno.osRelease())}`;
  const dovecot = await versionOf("dovecot", "--version");
  return `${cpus().length} cores, ${gigabytes} GB of memory, ` +
    `${await fileSystem(folder)}, ${kernel} on ${Deno.build.arch}; ` +
    `Deno ${Deno.version.deno}, Dovecot ${majorOf(dovecot ?? "?")}`;
}

function majorOf(version: string): string {
  return version.split(/[.-]/).slice(0, 2).join(".");
}

async function fileSystem(folder: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("df", {
    args: ["-T", folder],
    stderr: "null",
  }).output().catch(() => ({ success: false, stdout: new Uint8Array() }));
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1);
  const type = success ? last?.split(/\s+/)[1] : undefined;
  return type ?? "an unknown file system";
}
