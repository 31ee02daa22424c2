/** The keychain of macOS by `security`: generic passwords, as Python's `keyring`. */
import { Buffer } from "node:buffer";
import { failureOf, type KeyringTool } from "./keyring_tool.ts";

/** "The specified item could not be found in the keychain." */
const NOT_FOUND = 44;

/** The default keychain. */
export const macKeyring: KeyringTool = {
  name: "security",
  program: "security",

  async find({ host, user }, run) {
    // `-w` would print some passwords in hex without saying so; `-g` says it.
    const result = await run({
      command: [
        "security",
        "find-generic-password",
        "-s",
        host,
        "-a",
        user,
        "-g",
      ],
    });
    if (result.code === NOT_FOUND) return { without: "" };
    if (result.code !== 0) return { without: failureOf(result) };
    const password = parsePassword(result.stderr);
    return password === undefined
      ? { without: "its answer cannot be read" }
      : { password };
  },

  async store({ host, user }, password, run) {
    // By standard input: everybody can read the arguments of a process.
    const hex = Buffer.from(password).toString("hex");
    const result = await run({
      command: ["security", "-i"],
      input: `add-generic-password -U -s ${quote(host)} -a ${quote(user)} ` +
        `-X ${hex}\n`,
    });
    return result.code === 0
      ? undefined
      : failureOf(result).replace(hex, "***");
  },
};

/** `password: "text"`, or `password: 0xHEX  "text"` where it is not all ASCII. */
function parsePassword(printed: string): string | undefined {
  const match = /^password: ?(?:0x([\dA-F]+)|"(.*)")?/m.exec(printed);
  if (!match) return undefined;
  const [, hex, text = ""] = match;
  return hex === undefined ? text : Buffer.from(hex, "hex").toString("utf8");
}

/** For the words of `security -i`, which knows quotes and backslashes. */
function quote(word: string): string {
  return `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
}
