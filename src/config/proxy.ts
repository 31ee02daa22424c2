/** `TYPE:host:port`, the form in which a proxy is written. */
import { BadValue } from "./bad_value.ts";

/** The kinds of proxies, by the names that PySocks gave them. */
const PROXY_TYPES = ["SOCKS5", "SOCKS4", "HTTP"] as const;

/** A proxy that connections go through. */
export interface Proxy {
  readonly type: (typeof PROXY_TYPES)[number];
  readonly host: string;
  readonly port: number;
  /** Undefined: it asks for none. */
  readonly user: string | undefined;
  readonly password: string | undefined;
}

const HOST = String.raw`\[[\da-f:.]+\]|[^:/\s[\]@]+`;
const FORM = new RegExp(`^(\\w+):(?:(.*)@)?(${HOST}):(\\d{1,5})$`, "is");

/**
 * Parse `TYPE:host:port` or `TYPE:user:password@host:port`, of which the second form
 * is ours; an IPv6 address stands in brackets. The user ends at the first colon, the
 * password at the last `@`; nothing is decoded.
 *
 * OfflineIMAP warns of a bad value and connects directly; whoever asked for a
 * proxy would not want that, so it is an error here.
 *
 * @throws {BadValue}
 */
export function parseProxy(text: string): Proxy {
  const match = FORM.exec(text);
  const type = PROXY_TYPES.find((name) => name === match?.[1]?.toUpperCase());
  const host = match?.[3]?.replace(/^\[|\]$/g, "");
  const port = Number(match?.[4]);
  if (type === undefined || host === undefined || port < 1 || port > 65535) {
    throw new BadValue(
      "TYPE:host:port or TYPE:user:password@host:port is allowed, with TYPE one " +
        `of ${PROXY_TYPES.join(", ")}`,
    );
  }
  const [, user, password] = /^([^:]*)(?::(.*))?$/s.exec(match?.[2] ?? "") ??
    [];
  if (type === "SOCKS4" && password !== undefined) {
    throw new BadValue("SOCKS4 knows a user, but no password");
  }
  return { type, host, port, user: user || undefined, password };
}

/**
 * The proxy as a URL. Names are looked up by it, never here.
 */
export function proxyUrl(
  { type, host, port, user, password }: Proxy,
): string {
  const login = user === undefined
    ? ""
    : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? "")}@`;
  const name = host.includes(":") ? `[${host}]` : host;
  const scheme = { SOCKS5: "socks5", SOCKS4: "socks4a", HTTP: "http" }[type];
  return `${scheme}://${login}${name}:${port}`;
}
