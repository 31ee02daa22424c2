/** Response codes: APPENDUID, COPYUID (RFC 4315 §3), HIGHESTMODSEQ. */
import type { Call } from "./call.ts";

/** The response code, or undefined where there is none (or none yet). */
export function uidCode(
  call: Call,
  name: "APPENDUID" | "COPYUID",
  uidValidity: number,
  sets: readonly string[],
): string | undefined {
  if (!call.session.profile.uidplus) return undefined;
  const code = `${name} ${uidValidity} ${sets.join(" ")}`;
  switch (call.vices.get("appendUid")?.how) {
    case undefined:
      return code;
    case "missing":
      return undefined;
    case "late":
      call.session.lateLines.push(`OK [${code}] Late`);
      return undefined;
    case "wrong": {
      // Only the target UIDs lie: each a thousand too high.
      const wrong = (sets.at(-1) ?? "").replaceAll(
        /\d+/g,
        (uid) => String(Number(uid) + 1000),
      );
      return `${name} ${uidValidity} ${
        [...sets.slice(0, -1), wrong].join(" ")
      }`;
    }
  }
}

/** HIGHESTMODSEQ after an expunge, which QRESYNC wants (RFC 7162 §3.2.7). */
export function expungedCode(call: Call): string | undefined {
  return call.session.enabled.has("QRESYNC")
    ? `HIGHESTMODSEQ ${call.view.mailbox.highestModSeq}`
    : undefined;
}
