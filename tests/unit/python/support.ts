/** What the tests of expressions share. */
import { LocalEngine } from "../../../src/python/local_engine.ts";
import type { PythonHost } from "../../../src/python/host.ts";
import type { Limits } from "../../../src/python/meter.ts";
import { repr } from "../../../src/python/repr.ts";
import type { PythonSource } from "../../../src/python/source.ts";

/** A source of `text` in a made-up file. */
export function sourceOf(text: string, option = "nametrans"): PythonSource {
  const section = "Repository remote";
  return { text, file: "offlineimaprc", line: 7, section, option };
}

/** An engine with `re`. */
export function engineOf(
  text: string,
  options: { host?: PythonHost; limits?: Limits; option?: string } = {},
): LocalEngine {
  const { host, limits = {}, option } = options;
  return new LocalEngine(sourceOf(text, option), { re: true, host, limits });
}

/** `repr()` of the value of `text`. */
export async function evaluated(text: string): Promise<string> {
  return repr(await engineOf(text).value());
}
