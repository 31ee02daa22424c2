/** Tunnels for tests. */
import type { Tunnel } from "../../src/imap/session/settings.ts";

/** A `transporttunnel` to a port of this machine that adds nothing of its own. */
export function tunnelTo(port: number): Tunnel {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & cat >&3`;
  return { option: "transporttunnel", command: `exec bash -c '${script}'` };
}
