/** CAPABILITY, NOOP, CHECK, LOGOUT, ID, NAMESPACE, ENABLE. */
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, ok } from "../completion.ts";
import type { Enabled } from "../session.ts";

/** Runs CAPABILITY. */
export function capability(call: Call): Completion {
  call.args.end();
  call.untagged(call.session.capabilities());
  return ok("Capability completed.");
}

/** Runs NOOP and CHECK; what is new is announced after it anyway. */
export function noop(call: Call): Completion {
  call.args.end();
  return ok(`${call.name === "NOOP" ? "NOOP" : "Check"} completed.`);
}

/** Runs LOGOUT; the connection ends after the OK. */
export function logout(call: Call): Completion {
  call.args.end();
  call.untagged("BYE Logging out");
  call.session.endAfterReply();
  return ok("Logout completed.");
}

/** Runs ID (RFC 2971). */
export function id(call: Call): Completion {
  const { args, session } = call;
  if (!session.profile.id) throw unknown("ID");
  args.space();
  if (args.peek() === "(") {
    args.list(() => args.peek() === '"' ? args.string() : args.atom());
  } else if (args.word() !== "NIL") {
    throw new CommandRefusal("Expected a list or NIL", undefined, "BAD");
  }
  args.end();
  call.untagged(`ID ("name" "${session.profile.name}")`);
  return ok("ID completed.");
}

/** Runs NAMESPACE (RFC 2342). */
export function namespace(call: Call): Completion {
  if (!call.session.profile.namespace) throw unknown("NAMESPACE");
  call.args.end();
  const { separator, prefix } = call.session.profile;
  const shown = call.vices.get("nilSeparator") === undefined
    ? `"${separator.replace("\\", "\\\\")}"`
    : "NIL";
  call.untagged(
    `NAMESPACE (("${prefix.replace("\\", "\\\\")}" ${shown})) NIL NIL`,
  );
  return ok("Namespace completed.");
}

/** Runs ENABLE (RFC 5161). */
export function enable(call: Call): Completion {
  const { args, session } = call;
  const { profile } = session;
  if (!profile.enable) throw unknown("ENABLE");
  const possible: readonly (readonly [Enabled, boolean])[] = [
    ["CONDSTORE", profile.condstore],
    ["QRESYNC", profile.qresync],
    ["UTF8=ACCEPT", profile.utf8Accept],
    ["IMAP4REV2", profile.rev2],
  ];
  const done: string[] = [];
  while (args.skip(" ")) {
    const word = args.word();
    const known = possible.find(([name, on]) => on && name === word)?.[0];
    if (known === undefined) continue;
    session.enable(known);
    done.push(known === "IMAP4REV2" ? "IMAP4rev2" : known);
  }
  args.end();
  call.untagged(["ENABLED", ...done].join(" "));
  return ok("Enabled.");
}

function unknown(name: string): CommandRefusal {
  return new CommandRefusal(`Unknown command: ${name}`, undefined, "BAD");
}
