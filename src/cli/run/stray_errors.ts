/** Errors of a run, whoever reports them. */
import { VALIDITY_CODE } from "../../account/api.ts";
import { toMailError } from "../../errors.ts";
import { type Emit, reportOf } from "../../events.ts";

/** Whoever reports an error, the exit code shall not say that all is well. */
export function watchErrors(
  emit: Emit,
): { emit: Emit; failed: () => boolean } {
  let failed = false;
  return {
    emit: (event) => {
      failed ||= event.type === "error" && event.error.code !== VALIDITY_CODE;
      emit(event);
    },
    failed: () => failed,
  };
}

/**
 * A promise that fails with nobody waiting for it, or a callback that throws, as
 * a library may have them, is an error of the run and not its end: other
 * accounts are at work.
 */
export function catchStrays(emit: Emit): Disposable {
  const report = (event: Event, cause: unknown) => {
    event.preventDefault();
    const error = toMailError(cause, {
      message: "Something failed behind the scenes",
      code: "run.stray",
      scope: "run",
    });
    emit({ type: "error", error: reportOf(error) });
  };
  const onRejection = (event: PromiseRejectionEvent) =>
    report(event, event.reason);
  const onError = (event: ErrorEvent) => report(event, event.error);
  globalThis.addEventListener("unhandledrejection", onRejection);
  globalThis.addEventListener("error", onError);
  return {
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("unhandledrejection", onRejection);
      globalThis.removeEventListener("error", onError);
    },
  };
}
