/** What failed at a proxy, in words. */
import { messageOf, type Retry } from "../../errors.ts";
import { CLOSED, ENDLESS } from "./stream_head.ts";

/** A proxy that refused or failed. Its text goes on from the name of the proxy. */
export class ProxyFailure extends Error {
  override readonly name = "ProxyFailure";
  readonly retry: Retry;
  readonly hint: string | undefined;

  constructor(text: string, retry: Retry, hint?: string) {
    super(text);
    this.retry = retry;
    this.hint = hint;
  }
}

/** `SOCKS5 proxy host:port`, without the user and password of its URL. */
export function proxyName(proxy: string): string {
  const url = URL.parse(proxy);
  if (url === null) return "proxy";
  const type = url.protocol.slice(0, -1).toUpperCase().replace("4A", "4");
  return `${type} proxy ${url.host}`;
}

/** It wants a user and password, or others. */
export function proxyLoginFailure(): ProxyFailure {
  return new ProxyFailure(
    "does not let us in",
    "never",
    "It wants a user and password, or others than these: proxy = " +
      "TYPE:user:password@host:port",
  );
}

/** There is no connection to the proxy itself. */
export function proxyUnreachable(error: unknown): ProxyFailure {
  const code = codeOf(error);
  return new ProxyFailure(
    `cannot be reached: ${UNREACHABLE[code] ?? messageOf(error)}`,
    "later",
    "Check the option proxy and the network",
  );
}

/** What an answer of the proxy fails with, as a {@link ProxyFailure}. */
export async function fromProxy<T>(
  answer: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted) throw error;
    const code = codeOf(error);
    const text = code === CLOSED || code === "ECONNRESET"
      ? "hung up"
      : code === ENDLESS
      ? "talks without end"
      : `failed: ${messageOf(error)}`;
    throw new ProxyFailure(text, "later", "Check the type of the option proxy");
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return "code" in error ? String(error.code) : "";
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no such host is known",
  EAI_AGAIN: "its name could not be looked up now",
  EHOSTUNREACH: "there is no way to it from here",
  ENETUNREACH: "there is no way to it from here",
  ETIMEDOUT: "it did not answer in time",
};
