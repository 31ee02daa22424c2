/** What the options of a server say about certificates, TLS and tunnels. */
import type { Trust, Tunnel } from "./config.ts";
import { type IMAP_SERVER_OPTIONS, OS_DEFAULT } from "./options_imap_server.ts";
import type { ValuesOf } from "./option_spec.ts";
import { entryOf } from "./parse.ts";
import type { ReadOptions } from "./read_options.ts";
import { formatPlace } from "./report.ts";

type ServerValues = ValuesOf<typeof IMAP_SERVER_OPTIONS>;

/** `ssl_version` of today, and how the versions of old are called. */
const VERSIONS = { tls1_2: "TLSv1.2", tls1_3: "TLSv1.3" } as const;
const OLD_VERSIONS = { tls1: "TLS 1.0", tls1_1: "TLS 1.1", ssl3: "SSL 3" };

/**
 * The options of a server with the ones for certificates and tunnels put together,
 * so that whoever uses them need not know which of them go together.
 */
export function resolveTransport(
  values: ServerValues,
  type: "IMAP" | "Gmail",
  source: ReadOptions,
) {
  const {
    caCertFile,
    certFingerprints,
    clientCert,
    clientKey,
    tlsLevel: _,
    sslVersion,
    preauthTunnel,
    transportTunnel,
    ...server
  } = values;
  // A value that could not be read (reported) is undefined, whatever its type.
  const fingerprints = certFingerprints ?? [];
  if (clientKey !== undefined && clientCert === undefined) {
    noteOf("sslclientkey", source).warn(
      "it is of no use without sslclientcert",
    );
  }
  const trust: Trust = {
    verifyChain: caCertFile !== undefined || fingerprints.length === 0,
    caFile: caCertFile === OS_DEFAULT ? undefined : caCertFile,
    onFirstUse: caCertFile === undefined && fingerprints.length === 0,
    fingerprints,
    client: clientCert === undefined
      ? undefined
      : { certificate: clientCert, key: clientKey },
    version: server.ssl || server.starttls
      ? resolveVersion(sslVersion, source)
      : undefined,
  };
  // Nobody is let in by Gmail for being on its machine: OfflineIMAP ignores it.
  const preauth = type === "Gmail" ? undefined : preauthTunnel;
  const tunnel = resolveTunnel(preauth, transportTunnel, source);
  return { ...server, trust, tunnel };
}

/**
 * The version that `ssl_version` pins. `tls_level` forbids old ones only, none of
 * which can be spoken at all, so there is nothing left for it to do; OfflineIMAP's
 * rule that it needs an `ssl_version` would only lead to older versions.
 */
function resolveVersion(
  sslVersion: ServerValues["sslVersion"],
  source: ReadOptions,
): Trust["version"] {
  if (sslVersion === undefined || sslVersion === "ssl23") return undefined;
  if (sslVersion === "tls1_2" || sslVersion === "tls1_3") {
    return VERSIONS[sslVersion];
  }
  noteOf("ssl_version", source).fail(
    "config.unsupported",
    `${OLD_VERSIONS[sslVersion]} is broken and cannot be spoken by this ` +
      "program; it begins with TLS 1.2",
    "Remove ssl_version: the newest version that both sides know is then " +
      "used. A server that knows only the old ones can be reached by a " +
      "transporttunnel",
  );
  return undefined;
}

function resolveTunnel(
  preauth: string | undefined,
  transport: string | undefined,
  source: ReadOptions,
): Tunnel | undefined {
  if (preauth !== undefined && transport !== undefined) {
    noteOf("transporttunnel", source).fail(
      "config.value",
      "there is a preauthtunnel as well, but only one tunnel can be used",
      "Keep preauthtunnel if its command logs in by itself, else transporttunnel",
    );
  }
  if (preauth !== undefined) {
    return { option: "preauthtunnel", command: preauth };
  }
  return transport === undefined
    ? undefined
    : { option: "transporttunnel", command: transport };
}

/** Reports about one option at the place where it is set. */
function noteOf(option: string, { config, section, report }: ReadOptions) {
  const entry = entryOf(config, section, option);
  const place = entry === undefined
    ? config.file
    : formatPlace(entry.source, entry.line);
  const about = (text: string) => `[${section}] ${option}: ${text}`;
  return {
    fail: (code: string, text: string, hint: string) =>
      report.fail(code, place, about(text), hint),
    warn: (text: string) => report.warn("config.suspect", place, about(text)),
  };
}
