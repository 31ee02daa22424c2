/** An OAuth 2 token endpoint (RFC 6749 §6) on the loopback. */

/** What an endpoint answers: a status and a body, JSON unless it is text. */
export interface TokenAnswer {
  readonly status?: number;
  readonly body: Record<string, unknown> | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running endpoint. */
export interface TokenEndpoint extends AsyncDisposable {
  readonly url: string;
  /** The forms that came, in order. */
  readonly requests: readonly Readonly<Record<string, string>>[];
}

/**
 * Starts one.
 *
 * @param answer What the n-th request gets, from 1. Not settled: no answer.
 */
export function startTokenEndpoint(
  answer: (
    n: number,
    form: Readonly<Record<string, string>>,
  ) => TokenAnswer | Promise<TokenAnswer>,
): TokenEndpoint {
  const requests: Record<string, string>[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const form = Object.fromEntries(
        new URLSearchParams(await request.text()),
      );
      requests.push(form);
      const { status = 200, body, headers } = await answer(
        requests.length,
        form,
      );
      return typeof body === "string"
        ? new Response(body, { status, headers: { ...headers } })
        : Response.json(body, { status, headers: { ...headers } });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/token`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A good answer with one access token. */
export function issued(
  token: string,
  more: Record<string, unknown> = {},
): TokenAnswer {
  const body = {
    ...{ access_token: token, token_type: "Bearer", expires_in: 3599 },
    ...more,
  };
  return { body };
}
