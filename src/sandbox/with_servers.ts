/** Where the servers of an account are. */
import type { AccountConfig, ImapRepository } from "../config/config.ts";
import { isImap } from "../config/config.ts";

/**
 * The account with its servers' names and ports in the place of the expressions
 * for them, so that its rights can be exactly these. An expression that fails is
 * left, and fails again where that is told.
 *
 * @param onOutput Told of each line that the user's own Python prints.
 */
export async function withServers(
  account: AccountConfig,
  pythonFile: string | undefined,
  onOutput: (line: string) => void,
): Promise<AccountConfig> {
  const { local, remote } = account;
  if (!isOpen(remote) && !(isImap(local) && isOpen(local))) return account;
  const { Expressions } = await import("../account/expressions.ts");
  await using expressions = new Expressions({ pythonFile, onOutput });
  const evaluated = async (server: ImapRepository): Promise<ImapRepository> => {
    const { remoteHostEval, remotePortEval } = server;
    try {
      return {
        ...server,
        remoteHost: await expressions.optionalText(remoteHostEval) ??
          server.remoteHost,
        remotePort: await expressions.integer(remotePortEval) ??
          server.remotePort,
        remoteHostEval: undefined,
        remotePortEval: undefined,
      };
    } catch {
      return server;
    }
  };
  return {
    ...account,
    remote: await evaluated(remote),
    local: isImap(local) ? await evaluated(local) : local,
  };
}

function isOpen({ remoteHostEval, remotePortEval }: ImapRepository): boolean {
  return remoteHostEval !== undefined || remotePortEval !== undefined;
}
