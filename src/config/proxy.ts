/** `TYPE:host:port`, the form in which a proxy is written. */
import { BadValue } from "./bad_value.ts";

/** The kinds of proxies, by the names that PySocks gave them. */
export const PROXY_TYPES = ["SOCKS5", "SOCKS4", "HTTP"] as const;

/** A proxy that connections go through. */
export interface Proxy {
  readonly type: (typeof PROXY_TYPES)[number];
  readonly host: string;
  readonly port: number;
}

/**
 * Parse `TYPE:host:port`; an IPv6 address stands in brackets.
 *
 * OfflineIMAP warns of a bad value and connects directly; whoever asked for a
 * proxy would not want that, so it is an error here.
 *
 * @throws {BadValue}
 */
export function parseProxy(text: string): Proxy {
  const match = /^(\w+):(\[[\da-f:.]+\]|[^:/\s[\]]+):(\d{1,5})$/i.exec(text);
  const type = PROXY_TYPES.find((name) => name === match?.[1]?.toUpperCase());
  const host = match?.[2]?.replace(/^\[|\]$/g, "");
  const port = Number(match?.[3]);
  if (type === undefined || host === undefined || port < 1 || port > 65535) {
    throw new BadValue(
      `TYPE:host:port is allowed, with TYPE one of ${PROXY_TYPES.join(", ")}`,
    );
  }
  return { type, host, port };
}
