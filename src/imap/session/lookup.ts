/** Finding the addresses of a host, and knowing afterwards which were tried. */
import { lookup as systemLookup, type LookupAddress } from "node:dns";
import type { TcpNetConnectOpts } from "node:net";

/** What `net.connect` is told of names and addresses. */
export type DialOptions = Pick<
  TcpNetConnectOpts,
  "family" | "lookup" | "autoSelectFamily"
>;

/** The code of the error when a host has addresses of the other family only. */
export const NO_FAMILY = "ENOFAMILY";

/**
 * Tries the addresses in the system's order, families by turns, each but the last
 * for a short time (in the manner of RFC 8305), or those of one family only.
 *
 * @param tried Gets the addresses that the name stands for.
 */
export function dialOptions(
  family: 4 | 6 | undefined,
  tried: string[],
): DialOptions {
  const lookup: NonNullable<TcpNetConnectOpts["lookup"]> = (
    host,
    options,
    callback,
  ) =>
    systemLookup(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? [];
      if (error || first === undefined) {
        void whichFailure(host, family, error)
          .then((told) => callback(told, "", 0));
        return;
      }
      tried.push(...found.map(({ address }) => address));
      if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  return {
    lookup,
    autoSelectFamily: true,
    ...(family === undefined ? {} : { family }),
  };
}

/** "No such host" would be wrong where only `ipv6` stands in the way. */
async function whichFailure(
  host: string,
  family: 4 | 6 | undefined,
  error: NodeJS.ErrnoException | null,
): Promise<NodeJS.ErrnoException> {
  const other = family === undefined ? [] : await addressesOf(host);
  if (other.length > 0) {
    const text = `only ${other.map(({ address }) => address).join(", ")}`;
    return Object.assign(new Error(text), { code: NO_FAMILY });
  }
  return error ?? Object.assign(new Error("no address"), { code: "ENOTFOUND" });
}

function addressesOf(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve) =>
    systemLookup(host, { all: true }, (_, found) => resolve(found ?? []))
  );
}
