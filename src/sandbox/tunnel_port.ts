/** A tunnel's process as what a worker can be given. */
import type { TunnelProcess, TunnelStatus } from "../account/broker.ts";
import type { PlainTunnel } from "./messages.ts";

/**
 * The streams of a process, to be transferred: they keep their back-pressure. The
 * worker ends the process by any message; `signal` does, too.
 */
export function plainTunnel(
  process: TunnelProcess,
  signal: AbortSignal,
): { tunnel: PlainTunnel; transfer: Transferable[] } {
  const { port1: own, port2: control } = new MessageChannel();
  const { stdin, stdout, stderr } = process;
  const end = () => {
    process.end();
    own.close();
  };
  own.onmessage = end;
  signal.addEventListener("abort", end, { once: true });
  void process.status.then(({ code, signal: by }) => {
    signal.removeEventListener("abort", end);
    const status: TunnelStatus = { code, signal: by };
    own.postMessage(status);
  });
  const tunnel = { stdin, stdout, stderr, control };
  return { tunnel, transfer: [stdin, stdout, stderr, control] };
}
