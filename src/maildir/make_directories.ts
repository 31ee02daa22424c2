/** Directories made with those above them, so that they can be made durable. */
import { dirname } from "node:path";
import type { Step } from "../effects.ts";
import { exists } from "./exists.ts";

/**
 * Makes a directory and what is missing above it, mode 0700. One that exists is
 * no error.
 * @returns The directories that got a new entry, for `Durability`.
 * @throws What the system says.
 */
export function makeDirectories(path: string, step: Step): string[] {
  const parents: string[] = [];
  for (let missing = path; !exists(missing);) {
    const parent = dirname(missing);
    if (parent === missing) break;
    parents.push(parent);
    missing = parent;
  }
  if (parents.length === 0) return [];
  step("file", "mkdir");
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  return parents;
}
