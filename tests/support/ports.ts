/** Ports for servers that a test starts. */

/**
 * A TCP port of 127.0.0.1 that nobody listened on a moment ago.
 *
 * Another process may take it before it is used: prefer to listen on port 0,
 * and keep this for programs that must be told their port (and try those again).
 */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** `count` different ones of {@link freePort}. */
export function freePorts(count: number): number[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  const ports = listeners.map((listener) => listener.addr.port);
  for (const listener of listeners) listener.close();
  return ports;
}
