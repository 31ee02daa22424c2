/** Runs a command's handler, if the session's state allows it. */
import { CommandSyntax } from "./argument_reader.ts";
import type { Call } from "./call.ts";
import { COMMANDS } from "./command_table.ts";
import { CommandRefusal, type Completion } from "./completion.ts";
import { StoreRefusal } from "./mail_store.ts";

/** Executes the command; what the handler refuses becomes NO or BAD. */
export async function perform(call: Call): Promise<Completion> {
  const spec = COMMANDS.get(call.name);
  if (spec === undefined) return bad(`Unknown command: ${call.name}`);
  const { account, view } = call.session;
  switch (spec.state) {
    case "any":
      break;
    case "not-authenticated":
      if (account !== undefined) return bad("Already logged in");
      break;
    case "authenticated":
      if (account === undefined) return bad("Please login first");
      break;
    case "selected":
      if (account === undefined) return bad("Please login first");
      if (view === undefined) return bad("No mailbox selected");
      break;
    default:
      spec.state satisfies never;
  }
  try {
    return await spec.run(call);
  } catch (error) {
    if (error instanceof CommandSyntax) {
      return bad(`Error in IMAP command ${call.name}: ${error.message}`);
    }
    if (error instanceof CommandRefusal) {
      return { status: error.status, code: error.code, text: error.message };
    }
    if (error instanceof StoreRefusal) {
      return { status: "NO", code: error.code, text: error.message };
    }
    throw error;
  }
}

/** Whether EXPUNGE may be announced at the end of the command. */
export function mayExpunge(call: Call): boolean {
  return call.vices.get("expungeAnywhere") !== undefined ||
    COMMANDS.get(call.name)?.announcesExpunge !== false;
}

function bad(text: string): Completion {
  return { status: "BAD", text };
}
