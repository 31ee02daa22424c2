// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * The manual page, made from the tables that command line and configuration are
 * read by: `deno run scripts/man_page.ts > offlineimap.1`.
 */
import { COMMANDS } from "../src/cli/commands.ts";
import { FLAG_LIST, GROUPS } from "../src/cli/flags.ts";
import { EXAMPLES, EXIT_CODES, FILES, spellAll } from "../src/cli/help.ts";
import { VERSION } from "../src/cli/version.ts";
import type { OptionSpec } from "../src/config/option_spec.ts";
import { OPTION_GROUPS, placeOf } from "../src/config/options.ts";

/** The page as input of `man(7)` macros. */
export function formatManPage(): string {
  return [
    `.TH OFFLINEIMAP 1 "" "offlineimap ${VERSION}" "User commands"`,
    section("NAME"),
    roff("offlineimap - keep IMAP accounts and local Maildirs in step"),
    section("SYNOPSIS"),
    ".B offlineimap",
    roff("[FLAGS]"),
    ".br",
    ".B offlineimap",
    roff("COMMAND ..."),
    section("DESCRIPTION"),
    roff(
      "Keeps IMAP accounts and local Maildir folders in step, both ways, as " +
        "the configuration file says. It takes the place of OfflineIMAP: " +
        "configuration, metadata, Maildirs and flags are the same.",
    ),
    section("FLAGS"),
    ...Object.entries(GROUPS).flatMap(([group, title]) => {
      const flags = FLAG_LIST.filter(([, flag]) => flag.group === group);
      if (flags.length === 0) return [];
      return [
        subsection(title.replace(/:$/, "")),
        ...flags.map(([, flag]) => item(spellAll(flag), flag.about)),
      ];
    }),
    section("COMMANDS"),
    ...Object.entries(COMMANDS).filter(([, { hidden }]) => !hidden)
      .map(([name, { usage, about }]) => item(`${name} ${usage}`, about)),
    section("CONFIGURATION"),
    roff(
      "The file has sections, [general], [Account NAME], [Repository NAME] and " +
        "[mbnames], and lines of the form option = value. A line that begins " +
        "with # or ; is a comment; one that is indented continues the value of " +
        "the line before. A percent sign is written twice.",
    ),
    ...OPTION_GROUPS.flatMap((group) => [
      subsection(group.title),
      roff(`In ${placeOf(group).replaceAll("`", "")}.`),
      ...Object.values(group.table).map((spec) =>
        item(spec.name, optionText(spec))
      ),
    ]),
    section("FILES"),
    ...FILES.map(([name, about]) => item(name, about)),
    section("EXIT STATUS"),
    ...EXIT_CODES.map(([code, about]) => item(code, about)),
    section("EXAMPLES"),
    ...EXAMPLES.map(([line, about]) => item(line, about)),
    section("SEE ALSO"),
    roff("mbsync(1), maildir(5), imapfilter(1)"),
  ].join("\n") + "\n";
}

function optionText(spec: OptionSpec<unknown>): string {
  const fallback = spec.default ?? spec.defaultWords;
  const value = spec.required
    ? "required"
    : `default: ${fallback.replaceAll("\n", "\\n")}`;
  return `${spec.about} (${spec.type}; ${value})`;
}

function section(title: string): string {
  return `.SH ${title}`;
}

function subsection(title: string): string {
  return `.SS "${roff(title).replaceAll('"', "\\(dq")}"`;
}

/** A term and what it means. */
function item(term: string, text: string): string {
  return `.TP\n\\fB${roff(term)}\\fR\n${roff(text)}`;
}

/** Text in which nothing is a command of the typesetter. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replaceAll("…", "...").replaceAll("~", "\\(ti").replaceAll("^", "\\(ha")
    .replaceAll("'", "\\(aq").replaceAll("`", "\\(ga")
    .replace(/^\./gm, "\\&.");
}

if (import.meta.main) console.log(formatManPage().trimEnd());
