/** Copies that failed: what is told of them, and which are not tried again. */
import { MailError, toMailError } from "../../errors.ts";
import { type Failure, UNFETCHABLE_CODE } from "../ports.ts";
import type { Mutation } from "../status.ts";
import { otherSide, type Ref, type Side } from "../types.ts";
import type { Trouble, Work } from "./work.ts";

/**
 * Notes in the status what was refused for good, and which messages their own
 * side lists and does not give. An intent stays where nobody knows whether the
 * message arrived.
 *
 * @param closed Why the mailbox takes nothing more: told once, not per message.
 */
export function noteFailures(
  work: Work,
  to: Side,
  failed: readonly Failure[],
  closed: MailError | undefined,
): Trouble[] {
  const from = otherSide(to);
  const mutations: Mutation[] = [];
  const refuse = (ref: Ref, reason: string) =>
    void mutations.push({ kind: "refuse", refusal: { ref, from, reason } });
  const failures = closed === undefined
    ? failed
    : failed.filter(({ error }) =>
      !(error instanceof MailError && error.scope === "mailbox")
    );
  const told = failures.length === 0 ? new Set<Ref>() : unfetchable(work, from);
  const troubles = failures.map(({ ref, error: cause }): Trouble => {
    const error = describe(cause, work.name, work[from].name, ref);
    if (error.code === UNFETCHABLE_CODE) {
      const known = told.has(ref);
      if (!known) refuse(ref, UNFETCHABLE_CODE);
      return { side: to, ref, error, known };
    }
    if (error.retry === "never") {
      refuse(ref, error.message);
      mutations.push({ kind: "settle", to, ref });
    }
    return { side: to, ref, error };
  });
  work.state.commit(mutations);
  if (closed === undefined) return troubles;
  return [{ side: to, ref: undefined, error: closed }, ...troubles];
}

/** Messages that an earlier run has told of as listed and not given. */
function unfetchable({ state }: Work, side: Side): ReadonlySet<Ref> {
  return new Set(
    state.refusals()
      .filter(({ from, reason }) =>
        from === side && reason === UNFETCHABLE_CODE
      )
      .map(({ ref }) => ref),
  );
}

/** What went wrong with a message, and which one it was. */
function describe(
  cause: unknown,
  mailbox: string,
  source: string,
  ref: Ref,
): MailError {
  const error = toMailError(cause, {
    message: `Cannot copy message ${ref} of "${mailbox || source}"`,
    code: "sync.copy",
    scope: "message",
  });
  const { message, code, scope, retry, hint } = error;
  // A store may not know what the message is called where it came from.
  if (scope !== "message" || message.includes(`${ref}`)) return error;
  return new MailError(`${message} (message ${ref})`, {
    ...{ code, scope, retry, cause: error },
    ...(hint === undefined ? {} : { hint }),
  });
}
