/** The offlineimaprc of a test. */

/** Where a server is to be reached. A scripted server and a Dovecot have these. */
export interface ServerAddress {
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

/** Options of one section, as the file spells them. */
export type Section = Readonly<Record<string, string | number | boolean>>;

/** Options beyond what every test needs, by section. */
export interface ConfigOptions {
  readonly general?: Section;
  readonly account?: Section;
  readonly local?: Section;
  readonly remote?: Section;
  /** The local repository is on this server, instead of a Maildir. */
  readonly localServer?: ServerAddress;
}

/** Folders that a configuration names. */
export interface ConfigPlaces {
  readonly mail: string;
  readonly metadata: string;
}

/** The account's name in {@link formatConfig}. */
export const ACCOUNT = "test";

/**
 * The text of a configuration with one account, `[Repository here]` and
 * `[Repository there]`, plain text on the loopback, folders as directories.
 * An option given replaces the one that is there.
 */
export function formatConfig(
  places: ConfigPlaces,
  server: ServerAddress,
  { general, account, local, remote, localServer }: ConfigOptions = {},
): string {
  const sections: [string, Section][] = [
    ["general", {
      accounts: ACCOUNT,
      metadata: places.metadata,
      ui: "basic",
      ...general,
    }],
    [`Account ${ACCOUNT}`, {
      localrepository: "here",
      remoterepository: "there",
      utf8foldernames: true,
      ...account,
    }],
    ["Repository here", {
      ...localServer === undefined
        ? { type: "Maildir", localfolders: places.mail, sep: "/" }
        : imapSection(localServer),
      ...local,
    }],
    ["Repository there", { ...imapSection(server), ...remote }],
  ];
  return sections.map(([name, options]) =>
    `[${name}]\n` +
    Object.entries(options).map(([key, value]) => `${key} = ${spell(value)}\n`)
      .join("")
  ).join("\n");
}

function imapSection(server: ServerAddress): Section {
  return {
    type: "IMAP",
    remotehost: "127.0.0.1",
    remoteport: server.port,
    remoteuser: server.user ?? "user",
    remotepass: server.password ?? "secret",
    ssl: false,
    starttls: false,
  };
}

function spell(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  // `%` begins an interpolation.
  return String(value).replaceAll("%", "%%");
}
