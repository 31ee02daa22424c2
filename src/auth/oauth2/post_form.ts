/** One request to a token endpoint. */
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What is sent, where, and how to get there. */
export interface PostForm {
  readonly url: URL;
  readonly form: URLSearchParams;
  /** Connects to the host of the URL, with TLS where it says so. @default directly */
  readonly connect?:
    | ((url: URL, signal: AbortSignal) => Promise<Duplex>)
    | undefined;
  /** Beside the runtime's own, as PEM; `connect` has its own. */
  readonly authorities: readonly string[];
  readonly signal: AbortSignal;
}

/** What came back; the text is cut where no answer is that long. */
export interface PostAnswer {
  readonly status: number;
  readonly text: string;
}

const LONGEST_ANSWER = 64 * 1024;

/**
 * Sends a form and asks for JSON. No redirection is followed: secrets go where the
 * configuration says, not where somebody else says.
 *
 * @throws What the system says, or the signal's reason.
 */
export async function postForm(request: PostForm): Promise<PostAnswer> {
  const { connect } = request;
  return connect === undefined
    ? await direct(request)
    : await over(request, await connect(request.url, request.signal));
}

async function direct(
  { url, form, authorities, signal }: PostForm,
): Promise<PostAnswer> {
  using client = Deno.createHttpClient({ caCerts: [...authorities] });
  const response = await fetch(url, {
    client,
    method: "POST",
    headers: { accept: "application/json" },
    body: form,
    redirect: "manual",
    signal,
  });
  const text = await response.text();
  return { status: response.status, text: text.slice(0, LONGEST_ANSWER) };
}

/** The runtime's own client knows HTTP and SOCKS5 proxies only. */
async function over(
  { url, form, signal }: PostForm,
  stream: Duplex,
): Promise<PostAnswer> {
  const body = form.toString();
  const abort = () => void stream.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    signal.throwIfAborted();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = httpRequest({
        createConnection: () => stream as Socket,
        method: "POST",
        host: url.hostname,
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          accept: "application/json",
          connection: "close",
          "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
          "content-length": body.length,
        },
      }, resolve);
      asked.on("error", reject);
      // It is stopped where the proxy's answer ended.
      asked.on("socket", () => void stream.resume());
      asked.end(body);
    });
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) {
      text += chunk;
      if (text.length >= LONGEST_ANSWER) break;
    }
    return {
      status: response.statusCode ?? 0,
      text: text.slice(0, LONGEST_ANSWER),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    stream.destroy();
  }
}
