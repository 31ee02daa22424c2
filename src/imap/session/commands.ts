/** The commands that open a session, for the runners of {@link Command}. */
import { Buffer } from "node:buffer";
import type { Command } from "../command/command.ts";
import type { Namespace } from "../wire/types.ts";
import type { NamespaceResponse, TaggedResponse } from "../wire/response.ts";
import type { SaslExchange } from "./sasl.ts";

/** AUTHENTICATE (RFC 9051 §6.2.2). Gives the server's last reply, OK or NO. */
export function authenticate(
  exchange: SaslExchange,
  /** The server takes the client's first words with the command (SASL-IR). */
  saslIr: boolean,
): Command<TaggedResponse> {
  const { mechanism, initial } = exchange;
  let unsaid = saslIr ? undefined : initial;
  return {
    name: `AUTHENTICATE ${mechanism}`,
    alone: true,
    encode(to) {
      to.text(`AUTHENTICATE ${mechanism}`);
      // RFC 4959 §3: an empty one is said by an equals sign.
      if (saslIr && initial) to.text(` ${base64(initial) || "="}`);
    },
    continuation(text, reply) {
      const answer = unsaid ?? exchange.respond(Buffer.from(text, "base64"));
      unsaid = undefined;
      reply(Buffer.from(answer === undefined ? "*" : base64(answer)));
    },
    finish: (tagged) => tagged,
    refused: (tagged) => tagged,
  };
}

/** LOGIN (RFC 9051 §6.2.3). Gives the server's last reply, OK or NO. */
export function loginCommand(
  user: string,
  password: string,
): Command<TaggedResponse> {
  return {
    name: "LOGIN",
    alone: true,
    // Never bare words: a name such as `a b` would be more than one argument.
    encode: (to) =>
      void to.text("LOGIN ").string(user).text(" ").string(password),
    finish: (tagged) => tagged,
    refused: (tagged) => tagged,
  };
}

/** CAPABILITY (RFC 9051 §6.1.1); the runner keeps what comes of it. */
export function capabilityCommand(): Command<true> {
  return {
    name: "CAPABILITY",
    encode: (to) => void to.text("CAPABILITY"),
    finish: () => true,
  };
}

/** ID (RFC 2971). Gives what the server says of itself, names in lower case. */
export function idCommand(
  fields: Readonly<Record<string, string>>,
): Command<ReadonlyMap<string, string>> {
  const server = new Map<string, string>();
  return {
    name: "ID",
    encode(to) {
      to.text("ID (");
      Object.entries(fields).forEach(([name, value], index) => {
        if (index > 0) to.text(" ");
        to.string(name).text(" ").string(value);
      });
      to.text(")");
    },
    untagged(response) {
      if (response.kind !== "id") return false;
      for (const [name, value] of response.fields) {
        if (value !== undefined) server.set(name, value);
      }
      return true;
    },
    finish: () => server,
    refused: () => server,
  };
}

/** ENABLE (RFC 5161). Gives what is in force afterwards, upper case. */
export function enableCommand(
  extensions: readonly string[],
): Command<ReadonlySet<string>> {
  const enabled = new Set<string>();
  return {
    name: "ENABLE",
    encode: (to) => void to.text(`ENABLE ${extensions.join(" ")}`),
    untagged(response) {
      if (response.kind !== "enabled") return false;
      for (const name of response.capabilities) enabled.add(name.toUpperCase());
      // RFC 7162 §3.2.3: with QRESYNC comes CONDSTORE.
      if (enabled.has("QRESYNC")) enabled.add("CONDSTORE");
      return true;
    },
    finish: () => enabled,
    refused: () => enabled,
  };
}

/** NAMESPACE (RFC 2342). Gives the first personal one, if there is any. */
export function namespaceCommand(): Command<{ first: Namespace | undefined }> {
  let spaces: NamespaceResponse | undefined;
  return {
    name: "NAMESPACE",
    encode: (to) => void to.text("NAMESPACE"),
    untagged(response) {
      if (response.kind !== "namespace") return false;
      spaces = response;
      return true;
    },
    finish: () => ({ first: spaces?.personal[0] }),
  };
}

/** `LIST "" ""`: asks for the hierarchy separator (RFC 9051 §6.3.9). */
export function listRootCommand(): Command<{ first: Namespace | undefined }> {
  let first: Namespace | undefined;
  return {
    name: "LIST",
    encode: (to) => void to.text('LIST "" ""'),
    untagged(response) {
      if (response.kind !== "list") return false;
      first ??= { prefix: "", delimiter: response.delimiter };
      return true;
    },
    finish: () => ({ first }),
  };
}

/** COMPRESS DEFLATE (RFC 4978): after its OK both directions are deflated. */
export function compressCommand(): Command<boolean> {
  return {
    name: "COMPRESS",
    encode: (to) => void to.text("COMPRESS DEFLATE"),
    finish: () => true,
    refused: () => false,
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
