/** STARTTLS (RFC 3501 §6.2.1) and COMPRESS (RFC 4978). */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import { deflateTransport } from "../deflate_transport.ts";
import { startServerTls } from "../tls_relay.ts";

/** Runs STARTTLS: TLS begins after the OK. */
export function startTls(call: Call): Completion {
  const { session } = call;
  const { tls } = session.host;
  call.args.end();
  if (tls === undefined || session.secure) {
    throw new CommandRefusal("TLS is not available", undefined, "BAD");
  }
  session.afterReply(async () => {
    session.switchTo(await startServerTls(session.transport, tls));
    session.secure = true;
  });
  return ok("Begin TLS negotiation now.");
}

/** Runs COMPRESS DEFLATE: compression begins after the OK. */
export function compress(call: Call): Completion {
  const { session, args } = call;
  args.space();
  if (args.word() !== "DEFLATE" || !session.profile.compress) {
    throw new CommandRefusal("Unknown compression", undefined, "BAD");
  }
  args.end();
  if (session.compressed) {
    throw new CommandRefusal("Already compressed", "COMPRESSIONACTIVE");
  }
  session.afterReply(() => {
    session.switchTo(deflateTransport(session.transport));
    session.compressed = true;
  });
  return ok("Begin compression.");
}
