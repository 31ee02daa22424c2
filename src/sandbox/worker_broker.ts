/** The worker's broker: everything is asked of the command. */
import type { AccountRun } from "../account/api.ts";
import type { HookEnd } from "../account/hooks.ts";
import type { KeyringAnswer } from "../auth/keyring.ts";
import type { NetrcEntry } from "../auth/netrc.ts";
import type { Broker, TunnelProcess, TunnelStatus } from "../account/broker.ts";
import type { PythonHelper } from "../python/mod.ts";
import type { Border } from "./border.ts";
import type { PlainTunnel } from "./messages.ts";

/** The broker of an account; what the command answers is trusted. */
export function brokerOver(border: Border, run: AccountRun): Broker {
  return {
    hook: async (facts, signal) =>
      await border.ask({ kind: "hook", facts }, signal) as HookEnd,
    passwordCommand: async (repository, signal) =>
      await border.ask({ kind: "command", repository }, signal) as string,
    secretFiles: (repository) => ({
      netrcEntry: async ({ path }) =>
        await border.ask({ kind: "netrc", repository, path }) as
          | NetrcEntry
          | undefined,
      passwordLine: async () =>
        await border.ask({ kind: "password.file", repository }) as string,
    }),
    findInKeyring: async (repository, signal) =>
      await border.ask(
        { kind: "keyring.find", repository },
        signal,
      ) as KeyringAnswer,
    keepInKeyring: async (repository, password, signal) =>
      await border.ask(
        { kind: "keyring.keep", repository, password },
        signal,
      ) as string | undefined,
    startTunnel: async (repository) =>
      tunnelOf(
        await border.ask({ kind: "tunnel", repository }) as PlainTunnel,
      ),
    makeRoot: async () => {
      await border.ask({ kind: "root" });
    },
    python: () => pythonOver(border, run.pythonFile),
  };
}

function tunnelOf({ control, ...streams }: PlainTunnel): TunnelProcess {
  const status = new Promise<TunnelStatus>((resolve) => {
    control.onmessage = ({ data }: MessageEvent<TunnelStatus>) => {
      resolve(data);
      control.close();
    };
  });
  return { ...streams, status, end: () => control.postMessage("end") };
}

/** Has the command evaluate what needs more than the sandbox has. */
function pythonOver(border: Border, file: string | undefined): PythonHelper {
  let asked = false;
  return {
    file,
    names: async () => {
      const names = await border.ask({ kind: "python.names" });
      return names as ReadonlySet<string>;
    },
    request: async ({ section, option, text }, make) => {
      // The command starts a helper anew by itself.
      const request = make(1);
      if (request === undefined) return undefined;
      asked = true;
      const name = { section, option, text };
      return await border.ask({ kind: "python.ask", ...name, request });
    },
    setVariables: async (variables) => {
      await border.ask({ kind: "python.variables", variables });
    },
    [Symbol.asyncDispose]: async () => {
      if (asked) await border.ask({ kind: "python.end" });
    },
  };
}
