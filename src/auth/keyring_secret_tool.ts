/** The Secret Service of Linux and BSD desktops by `secret-tool` of libsecret. */
import {
  failureOf,
  type KeyringEntry,
  type KeyringTool,
} from "./keyring_tool.ts";

/** By the attributes that Python's `keyring` gives its entries. */
export const secretToolKeyring: KeyringTool = {
  name: "secret-tool",
  program: "secret-tool",

  async find(entry, run) {
    const { code, stdout, stderr } = await run({
      command: ["secret-tool", "lookup", ...attributes(entry)],
    });
    if (code === 0 && stdout.length > 0) {
      // It adds a line end on a terminal only.
      return { password: new TextDecoder().decode(stdout) };
    }
    // Without a word: there is no such entry.
    return {
      without: stderr.trim() === "" ? "" : failureOf({ code, stdout, stderr }),
    };
  },

  async store(entry, password, run) {
    const keep = async (more: readonly string[]) => {
      const { host, user } = entry;
      const label = `--label=Password for '${user}' on '${host}'`;
      const result = await run({
        command: [
          ...["secret-tool", "store", label] as const,
          ...attributes(entry),
          ...more,
        ],
        input: password,
      });
      return result.code === 0 ? undefined : failureOf(result);
    };
    const failure = await keep(PYTHONS_OWN);
    if (failure !== undefined) return failure;
    const found = await this.find(entry, run);
    if (!("password" in found) || found.password === password) return undefined;
    // An entry that somebody made by hand is found first: it is replaced as well.
    return await keep([]);
  },
};

/** With all of its attributes it is the same entry, else it were a second one. */
const PYTHONS_OWN = ["application", "Python keyring library"];

function attributes({ host, user }: KeyringEntry): string[] {
  return ["service", host, "username", user];
}
