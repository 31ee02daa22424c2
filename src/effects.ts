/** The one seam through which everything passes that changes the world. */

/** The kinds of effects: a file-system call, a database commit, an IMAP command. */
export type EffectKind = "file" | "state" | "imap";

/**
 * Called right before every effect, with a short name such as `rename` or
 * `APPEND`. Production does nothing here; a test counts the steps of a run and
 * kills the process at the k-th. An implementation may throw to stop the effect.
 */
export type Step = (kind: EffectKind, name: string) => void;

/** The step of a real run: nothing. */
export const noStep: Step = () => {};
