/** A request for an access token (RFC 6749 §6). */
import type { PostForm } from "./post_form.ts";

/** What is sent, and how. */
export interface RefreshRequest {
  /** The repository's name, for texts. */
  readonly repository: string;
  readonly url: URL;
  readonly clientId: string | undefined;
  /** Undefined for clients that have none. */
  readonly clientSecret: string | undefined;
  readonly refreshToken: string;
  readonly scope: string | undefined;
  /** Where a proxy is to be used: see {@link PostForm}. */
  readonly connect?: PostForm["connect"];
  /** Beside the runtime's own, as PEM. */
  readonly authorities: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** @default 30 s */
  readonly timeoutMs?: number;
}
