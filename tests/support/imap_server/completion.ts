/** How a command ends. */

/** The tagged reply without its tag. */
export interface Completion {
  readonly status: "OK" | "NO" | "BAD";
  /** Response code without brackets. */
  readonly code?: string | undefined;
  readonly text: string;
}

/** A command that cannot be done: thrown by handlers, answered by NO or BAD. */
export class CommandRefusal extends Error {
  override readonly name = "CommandRefusal";

  constructor(
    message: string,
    readonly code?: string,
    readonly status: "NO" | "BAD" = "NO",
  ) {
    super(message);
  }
}

/** An OK. */
export function ok(text: string, code?: string): Completion {
  return { status: "OK", code, text };
}

/** A NO. */
export function no(text: string, code?: string): Completion {
  return { status: "NO", code, text };
}

/** Status, code and text on one line. */
export function formatCompletion(done: Completion): string {
  const code = done.code === undefined ? "" : `[${done.code}] `;
  return `${done.status} ${code}${done.text}`;
}
