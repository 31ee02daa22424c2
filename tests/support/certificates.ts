/** Certificates for test servers, made once by the `openssl` program. */
import { join } from "node:path";
import { tmpdir } from "node:os";

/** A certificate and its key, as paths of PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** What {@link certificates} makes. All but `selfSigned` are signed by `ca`. */
export interface Certificates {
  /** The authority's certificate (PEM): what `sslcacertfile` would name. */
  readonly ca: string;
  /** Another authority that signed none of these. */
  readonly strangerCa: string;
  /** For `localhost`, `imap.test`, `*.wild.test`, 127.0.0.1 and ::1; valid for years. */
  readonly server: CertificateFiles;
  /** The same names, but it ended on 1 February 2020. */
  readonly expired: CertificateFiles;
  /** For `mail.elsewhere.test` only. */
  readonly wrongHost: CertificateFiles;
  /** For `localhost` and 127.0.0.1, signed by itself, as mail bridges do. */
  readonly selfSigned: CertificateFiles;
  /** A client's certificate, common name `user`. */
  readonly client: CertificateFiles;
}

const GOOD_NAMES =
  "DNS:localhost,DNS:imap.test,DNS:*.wild.test,IP:127.0.0.1,IP:::1";
const YEARS_AHEAD = "20450101000000Z";
const LONG_PAST = "20200101000000Z";

let made: Promise<Certificates> | undefined;

/**
 * The test certificates, made at the first call of the first process and kept
 * in the system's temporary folder for the ones that follow.
 *
 * @throws {Error} When the `openssl` program fails or is not there.
 */
export function certificates(): Promise<Certificates> {
  return made ??= makeOrReuse();
}

/** Whether the `openssl` program can be started. */
export function hasOpenssl(): boolean {
  try {
    return new Deno.Command("openssl", {
      args: ["version"],
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch {
    return false;
  }
}

async function makeOrReuse(): Promise<Certificates> {
  const owner = Deno.uid() ?? "user";
  const cache = join(tmpdir(), `offlineimap-test-certificates-1-${owner}`);
  if (!await isOurs(cache)) {
    const fresh = await Deno.makeTempDir({ prefix: "offlineimap-test-ca-" });
    await makeAll(fresh);
    await Deno.chmod(fresh, 0o755).catch(() => {});
    try {
      await Deno.rename(fresh, cache);
    } catch (error) {
      // Another test process was faster: theirs is as good as ours.
      await Deno.remove(fresh, { recursive: true });
      if (!await isOurs(cache)) throw error;
    }
  }
  return pathsIn(cache);
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    const info = await Deno.lstat(folder);
    return info.isDirectory && (info.uid ?? null) === Deno.uid();
  } catch {
    return false;
  }
}

function pathsIn(folder: string): Certificates {
  const pair = (name: string) => ({
    certificate: join(folder, `${name}.pem`),
    key: join(folder, `${name}.key`),
  });
  return {
    ca: join(folder, "ca.pem"),
    strangerCa: join(folder, "stranger.pem"),
    server: pair("server"),
    expired: pair("expired"),
    wrongHost: pair("wronghost"),
    selfSigned: pair("selfsigned"),
    client: pair("client"),
  };
}

async function makeAll(folder: string): Promise<void> {
  for (const name of ["ca", "stranger"]) {
    await selfSigned(folder, name, `Test authority ${name}`, [
      "basicConstraints=critical,CA:TRUE",
      "keyUsage=critical,keyCertSign,cRLSign",
    ]);
  }
  await selfSigned(folder, "selfsigned", "localhost", [
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
  ]);
  await Deno.writeTextFile(join(folder, "ca.conf"), AUTHORITY);
  await Deno.writeTextFile(join(folder, "index.txt"), "");
  await Deno.writeTextFile(join(folder, "serial"), "1000\n");
  await signed(folder, "server", GOOD_NAMES, LONG_PAST, YEARS_AHEAD);
  await signed(folder, "expired", GOOD_NAMES, LONG_PAST, "20200201000000Z");
  await signed(
    folder,
    "wronghost",
    "DNS:mail.elsewhere.test",
    LONG_PAST,
    YEARS_AHEAD,
  );
  await signed(folder, "client", "DNS:user", LONG_PAST, YEARS_AHEAD);
}

async function selfSigned(
  folder: string,
  name: string,
  commonName: string,
  extensions: string[],
): Promise<void> {
  await openssl(folder, [
    ...["req", "-x509", "-days", "7000", "-subj", `/CN=${commonName}`],
    ...newKey(name),
    ...["-out", `${name}.pem`],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  ]);
}

async function signed(
  folder: string,
  name: string,
  names: string,
  start: string,
  end: string,
): Promise<void> {
  const subject = name === "client" ? "user" : `${name} of the tests`;
  await Deno.writeTextFile(
    join(folder, `${name}.ext`),
    `subjectAltName=${names}\n`,
  );
  await openssl(folder, [
    ...["req", "-new", "-subj", `/CN=${subject}`],
    ...newKey(name),
    ...["-out", `${name}.csr`],
  ]);
  // `x509 -req` cannot make a certificate that ended long ago; `ca` can.
  await openssl(folder, [
    ...["ca", "-batch", "-notext", "-config", "ca.conf"],
    ...["-startdate", start, "-enddate", end, "-extfile", `${name}.ext`],
    ...["-in", `${name}.csr`, "-out", `${name}.pem`],
  ]);
}

function newKey(name: string): string[] {
  return [
    ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-nodes", "-keyout", `${name}.key`],
  ];
}

async function openssl(folder: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args,
    cwd: folder,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const text = new TextDecoder().decode(stderr);
  throw new Error(`Cannot make test certificates: ${args[0]}: ${text}`);
}

const AUTHORITY = `
[ca]
default_ca = authority
[authority]
database = index.txt
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;
