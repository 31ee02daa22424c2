/** Finding the addresses of a host, and the ways to connect to them. */
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import { isIP, type TcpNetConnectOpts } from "node:net";
import { codedError } from "./stream_head.ts";

/** One way to a host, as `net.connect` and `tls.connect` are told of it. */
export type Way = Pick<
  TcpNetConnectOpts,
  | "family"
  | "lookup"
  | "autoSelectFamily"
  | "autoSelectFamilyAttemptTimeout"
>;

/** The code of the error when a host has addresses of the other family only. */
export const NO_FAMILY = "ENOFAMILY";

/** For each address but the last where the runtime goes through them itself. */
const ATTEMPT_MS = 1_000;

/** What to look for, and who is told. */
export interface WaysOptions {
  readonly host: string;
  readonly port: number;
  /** Only addresses of this family. */
  readonly family: 4 | 6 | undefined;
  /** Gets the addresses that the name stands for. */
  readonly tried: string[];
  readonly signal: AbortSignal;
  /** @default the system's */
  readonly lookup?: ((query: Query) => Promise<LookupAddress[]>) | undefined;
}

/** A question to the system. */
export interface Query {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6 | undefined;
}

/**
 * The ways to a host in the order in which to try them: its addresses in the
 * system's order, the two families by turns (RFC 8305 §4).
 *
 * In a worker that may connect to a name but not to its addresses there is one way
 * for each family, on which the runtime looks the name up again.
 *
 * @throws An error of the system; one with the code {@link NO_FAMILY}; or the
 * signal's reason.
 */
export async function waysTo(
  { host, port, family, tried, signal, lookup = ask }: WaysOptions,
): Promise<Way[]> {
  if (isIP(host) !== 0) return [{ autoSelectFamily: false }];
  const found = await Promise.race([
    lookup({ host, port, family }).catch(async (error) => {
      throw await whichFailure({ host, port, family }, error, lookup);
    }),
    aborted(signal),
  ]);
  const ordered = byTurns(found);
  tried.push(...ordered.map(({ address }) => address));
  if (ordered.every(({ address }) => mayConnect(address, port))) {
    return ordered.map(fixed);
  }
  return [...new Set(ordered.map((each) => each.family))].map((each) => ({
    family: each,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
  }));
}

/** The family of the first one begins; each keeps its order. */
export function byTurns(found: readonly LookupAddress[]): LookupAddress[] {
  const first = found.filter(({ family }) => family === found[0]?.family);
  const second = found.filter(({ family }) => family !== found[0]?.family);
  const turns = Math.max(first.length, second.length);
  return Array.from(
    { length: turns },
    (_, at) => [...first.slice(at, at + 1), ...second.slice(at, at + 1)],
  ).flat();
}

/** A way to one address; for TLS the host keeps its name. */
function fixed({ address, family }: LookupAddress): Way {
  return {
    autoSelectFamily: false,
    lookup: (_host, { all }, callback) =>
      all
        ? callback(null, [{ address, family }])
        : callback(null, address, family),
  };
}

/** With the port: a right to connect may be for one port of a name. */
function ask({ host, port, family }: Query): Promise<LookupAddress[]> {
  const options = {
    all: true as const,
    port,
    ...(family === undefined ? {} : { family }),
  };
  return new Promise((resolve, reject) =>
    systemLookup(host, options, (error, found) => {
      if (error) reject(error);
      else if (found.length > 0) resolve(found);
      else reject(codedError("ENOTFOUND", "no address"));
    })
  );
}

/** "No such host" would be wrong where only `ipv6` stands in the way. */
async function whichFailure(
  { host, port, family }: Query,
  error: unknown,
  lookup: (query: Query) => Promise<LookupAddress[]>,
): Promise<unknown> {
  if (family === undefined) return error;
  const other = await lookup({ host, port, family: undefined })
    .catch(() => []);
  if (other.length === 0) return error;
  const text = `only ${other.map(({ address }) => address).join(", ")}`;
  return codedError(NO_FAMILY, text);
}

function mayConnect(address: string, port: number): boolean {
  const host = address.includes(":") ? `[${address}]` : address;
  const { state } = Deno.permissions.querySync({
    name: "net",
    host: `${host}:${port}`,
  });
  return state === "granted";
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    });
  });
}
