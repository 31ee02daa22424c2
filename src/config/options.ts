/**
 * The one table of all options: from it come the typed reading, the checks and
 * the reference in `docs/options.md`.
 */
import { ACCOUNT_OPTIONS } from "./options_account.ts";
import { GENERAL_OPTIONS } from "./options_general.ts";
import { IMAP_LOGIN_OPTIONS } from "./options_imap_login.ts";
import { GMAIL_OPTIONS, IMAP_MAILBOX_OPTIONS } from "./options_imap_mailbox.ts";
import { IMAP_SERVER_OPTIONS } from "./options_imap_server.ts";
import { MAILDIR_OPTIONS } from "./options_maildir.ts";
import { MBNAMES_OPTIONS } from "./options_mbnames.ts";
import {
  REPOSITORY_OPTIONS,
  type RepositoryType,
} from "./options_repository.ts";
import type { OptionSpec, OptionTable } from "./option_spec.ts";

/** The kinds of sections that hold options. */
export type SectionKind = "general" | "mbnames" | "account" | "repository";

/** Options that are valid at the same places. */
export interface OptionGroup {
  /** What the group is about, as a title. */
  readonly title: string;
  readonly kind: SectionKind;
  /** The repository types that have these options; undefined: all, or none. */
  readonly types: readonly RepositoryType[] | undefined;
  readonly table: OptionTable;
}

const SERVERS = ["IMAP", "Gmail"] as const;

/** Every option there is, in the order of the reference. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  {
    title: "The whole program",
    kind: "general",
    types: undefined,
    table: GENERAL_OPTIONS,
  },
  {
    title: "Accounts",
    kind: "account",
    types: undefined,
    table: ACCOUNT_OPTIONS,
  },
  {
    title: "All repositories",
    kind: "repository",
    types: undefined,
    table: REPOSITORY_OPTIONS,
  },
  {
    title: "Local repositories",
    kind: "repository",
    types: ["Maildir", "GmailMaildir"],
    table: MAILDIR_OPTIONS,
  },
  {
    title: "Remote repositories: the server",
    kind: "repository",
    types: SERVERS,
    table: IMAP_SERVER_OPTIONS,
  },
  {
    title: "Remote repositories: logging in",
    kind: "repository",
    types: SERVERS,
    table: IMAP_LOGIN_OPTIONS,
  },
  {
    title: "Remote repositories: folders and messages",
    kind: "repository",
    types: SERVERS,
    table: IMAP_MAILBOX_OPTIONS,
  },
  {
    title: "Gmail",
    kind: "repository",
    types: ["Gmail"],
    table: GMAIL_OPTIONS,
  },
  {
    title: "A list of folders for mail clients",
    kind: "mbnames",
    types: undefined,
    table: MBNAMES_OPTIONS,
  },
];

/** Something that old files hold and that has no effect any more. */
export interface ObsoleteOption {
  readonly kind: SectionKind;
  readonly name: string;
  readonly about: string;
}

/** Options of older versions of OfflineIMAP: accepted with a warning. */
export const OBSOLETE_OPTIONS: readonly ObsoleteOption[] = [
  {
    kind: "account",
    name: "status_backend",
    about: "the state is always kept in SQLite",
  },
  {
    kind: "account",
    name: "skipsleep",
    about: "OfflineIMAP set it for itself while running",
  },
];

/** The option of that name in a section; undefined if it has none. */
export function findOption(
  name: string,
  kind: SectionKind,
  type?: RepositoryType,
): OptionSpec<unknown> | undefined {
  return specsOf(groupsFor(kind, type)).find((spec) =>
    spec.names.includes(name)
  );
}

/** The names of all options that a section may hold. */
export function optionNames(
  kind: SectionKind,
  type?: RepositoryType,
): string[] {
  return specsOf(groupsFor(kind, type)).flatMap((spec) => spec.names);
}

/**
 * Where an option of that name is valid, as a phrase: `[general]`, `accounts`,
 * `repositories of type IMAP or Gmail`. Empty for a name that no section knows.
 */
export function placesOf(name: string): string {
  const places = OPTION_GROUPS.filter(({ table }) =>
    Object.values(table).some((spec) => spec.names.includes(name))
  ).map(placeOf);
  return [...new Set(places)].join(" and ");
}

/** Where the options of a group are valid, as a phrase. */
export function placeOf({ kind, types }: OptionGroup): string {
  switch (kind) {
    case "general":
    case "mbnames":
      return `[${kind}]`;
    case "account":
      return "accounts";
    case "repository":
      return types === undefined
        ? "repositories"
        : `repositories of type ${types.join(" or ")}`;
    default:
      return kind satisfies never;
  }
}

function groupsFor(kind: SectionKind, type?: RepositoryType): OptionGroup[] {
  return OPTION_GROUPS.filter((group) =>
    group.kind === kind &&
    // A repository whose type is not known may hold any of them.
    (type === undefined || group.types === undefined ||
      group.types.includes(type))
  );
}

function specsOf(groups: readonly OptionGroup[]): OptionSpec<unknown>[] {
  return groups.flatMap(({ table }) => Object.values(table));
}
