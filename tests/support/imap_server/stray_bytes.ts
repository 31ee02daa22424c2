/** What vices send that nobody asked for. */
import { fromByteString } from "./bytes.ts";
import type { Session } from "./session.ts";
import type { ActiveVices } from "./vice_set.ts";

/** Neither a line nor a literal of any protocol. */
const GARBAGE = '\x00\xff)(}{"\r\n';

/** Writes unasked lines and rubbish that belong to this place. */
export function writeStrayBytes(
  session: Session,
  vices: ActiveVices,
  at: "before" | "middle" | "after",
): void {
  for (const vice of vices.all("unsolicited")) {
    if ((vice.at ?? "before") !== at) continue;
    for (const line of vice.lines) session.untagged(line);
  }
  for (const vice of vices.all("garbage")) {
    if ((vice.at ?? "before") !== at) continue;
    session.writer.bytes(fromByteString(vice.bytes ?? GARBAGE));
  }
}

/** Sends a line that does not end, until the client hangs up. */
export async function writeEndlessLine(session: Session): Promise<never> {
  const { writer } = session;
  const filler = fromByteString("x".repeat(65_536));
  writer.text("* OK ");
  for (;;) {
    writer.bytes(filler);
    await writer.flush();
  }
}
