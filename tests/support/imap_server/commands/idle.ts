/** IDLE (RFC 2177). */
import { toByteString } from "../bytes.ts";
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";

/** Runs IDLE until the client says DONE. */
export async function idle(call: Call): Promise<Completion> {
  const { session } = call;
  if (!session.profile.idle) {
    throw new CommandRefusal("Unknown command: IDLE", undefined, "BAD");
  }
  call.args.end();
  session.prompt("idling");
  session.announce(true);
  session.idling = true;
  try {
    const line = await session.reader.line(session.profile.maxLineBytes);
    if (line !== undefined && toByteString(line).toUpperCase() === "DONE") {
      return ok("Idle completed.");
    }
    throw new CommandRefusal("Expected DONE.", undefined, "BAD");
  } finally {
    session.idling = false;
  }
}
