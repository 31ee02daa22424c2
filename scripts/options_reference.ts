/**
 * Writes `docs/options.md` and `offlineimaprc.example` from the option table,
 * and the table of all options and flags in `docs/compatibility.md`.
 *
 * Run with `deno task reference` after each change of the option table or the
 * table of flags; tests fail while the files are stale.
 */
import {
  OBSOLETE_OPTIONS,
  OPTION_GROUPS,
  type OptionGroup,
  placeOf,
} from "../src/config/options.ts";
import type { OptionSpec, OptionType } from "../src/config/option_spec.ts";
import {
  COMPATIBILITY_FILE,
  compatibilityRows,
  renderRows,
  withTable,
} from "./compatibility.ts";
import { allTests } from "./tests_in_source.ts";

/** The files that this script writes, beside the repository's root. */
export const REFERENCE_FILE = "docs/options.md";
export const EXAMPLE_FILE = "offlineimaprc.example";

const TYPES: Record<OptionType, string> = {
  "bool": "`yes`, `true`, `on`, `1` or `no`, `false`, `off`, `0`, in any case.",
  "int": "A whole number in decimal digits.",
  "float": "A number, such as `2` or `0.5`.",
  "string": "Any text, as it is: quotes become part of it.",
  "list": "Texts separated by commas.",
  "path":
    "A file or folder. A leading `~` is your home, `$NAME` a variable of " +
    "the environment (in `remotepassfile` only `~`).",
  "python value": "A Python expression.",
  "python callable":
    "A Python expression that is a function: a `lambda`, or the name of a " +
    "function in `pythonfile`.",
  "word": "One of the words that the text names.",
  "secret": "Any text. It is never shown, in no message and no log.",
  "shell": "A command line for the shell.",
  "size": "A number of bytes; `K`, `M` and `G` after it mean powers of 1024.",
  "date": "A day, `YYYY-MM-DD`.",
  "date or days": "A number of days, or a day, `YYYY-MM-DD`.",
  "share": "A percentage, `50%` or `50%%`, or `no`.",
  "proxy": "`TYPE:host:port`.",
};

/** The text of the reference, in Markdown that is not wrapped yet. */
export function renderReference(): string {
  const types = Object.entries(TYPES).map(([type, about]) =>
    `- **${type}**: ${about}`
  );
  const obsolete = OBSOLETE_OPTIONS.map(({ name, kind, about }) =>
    `- \`${name}\` (${kind}): ${about}.`
  );
  return [
    "# Options",
    "This page is made from the table that the program reads its " +
    "configuration by (`scripts/options_reference.ts`).",
    "The configuration is `$XDG_CONFIG_HOME/offlineimap/config` " +
    "(`~/.config/offlineimap/config`) if that exists, on Windows also " +
    "`%APPDATA%\\offlineimap\\config`, else `~/.offlineimaprc`; the flag `-c` " +
    "names another file.",
    "## The form of the file",
    FORM,
    "## Types",
    types.join("\n"),
    "A `%` in a value is written `%%`, since `%(name)s` stands for the value " +
    "of another option of the same section or of `[DEFAULT]`. The options " +
    "`deletelimit` and `peritem` are read without that.",
    ...OPTION_GROUPS.flatMap((group) => [
      `## ${group.title}`,
      `In ${placeOf(group)}.`,
      ...Object.values(group.table).map(renderOption),
    ]),
    "## Without effect",
    "Old files hold these; they are accepted with a warning. So are sections " +
    "`[ui.…]` and lists of names in `ui`.",
    obsolete.join("\n"),
  ].join("\n\n") + "\n";
}

const FORM = [
  "- `[name]` begins a section, `name = value` or `name: value` is an option. " +
  "Letter case counts in names of sections, not in names of options.",
  "- A line that begins with `#` or `;` is a comment. There are no comments " +
  "after a value.",
  "- A line that is indented more than its option's line continues the value.",
  "- Each section and each option of it may appear once. What `[DEFAULT]` holds " +
  "counts in every section that does not set it.",
].join("\n");

function renderOption(spec: OptionSpec<unknown>): string {
  const fallback = spec.default === undefined
    ? spec.defaultWords
    : code(spec.default);
  const facts = [
    spec.type,
    spec.required ? "required" : `default: ${fallback}`,
  ];
  if (spec.example !== undefined) facts.push(`example: ${code(spec.example)}`);
  const notes = [
    spec.about,
    ...(spec.ours ? ["OfflineIMAP does not have this option."] : []),
    ...(spec.since === "now" ? [] : spec.refuse
      ? [
        "**Not supported yet:** an account that sets it is not synchronised.",
      ]
      : ["**Not supported yet:** to set it gives a warning."]),
  ];
  return `### \`${spec.name}\`\n\n${facts.join("; ")}.\n\n${notes.join(" ")}`;
}

function code(text: string): string {
  return `\`${text.replaceAll("\n", "\\n")}\``;
}

/** The text of the sample file: every option that has an effect. */
export function renderExample(): string {
  const groups = OPTION_GROUPS.map((group) => ({
    group,
    specs: Object.values(group.table).filter(({ since }) => since === "now"),
  })).filter(({ specs }) => specs.length > 0);
  let header = "";
  const blocks = groups.flatMap(({ group, specs }) => {
    const opened = sampleHeader(group);
    const lines = opened === header ? [] : [`#${opened}`];
    header = opened;
    return [
      `${rule(group.title)}`,
      ...lines,
      ...specs.map((spec) =>
        comment(spec.about) + "\n" +
        `#${spec.names[0]} = ${spec.example ?? spec.default ?? ""}`
      ),
    ];
  });
  return [MINIMAL, ...blocks].join("\n\n") + "\n";
}

function sampleHeader({ kind, types }: OptionGroup): string {
  switch (kind) {
    case "general":
    case "mbnames":
      return `[${kind}]`;
    case "account":
      return "[Account Personal]";
    case "repository":
      if (types === undefined) return "[Repository NAME]";
      return types.includes("Gmail")
        ? "[Repository Personal-remote]"
        : "[Repository Personal-local]";
    default:
      return kind satisfies never;
  }
}

const MINIMAL = `\
# A configuration for OfflineIMAP. Copy it to ~/.offlineimaprc and change the
# lines of this first part: that is enough for one account.

[general]
accounts = Personal

[Account Personal]
localrepository = Personal-local
remoterepository = Personal-remote

# Where the mail goes on this machine.
[Repository Personal-local]
type = Maildir
localfolders = ~/Mail

# The server. Most providers want a password made for this program alone, called
# an app password, instead of that of your account: make one in the settings of
# your account and put it into a file that only you can read (chmod 600). The
# connection is encrypted, and the server's certificate checked, without a word.
[Repository Personal-remote]
type = IMAP
remotehost = imap.example.org
remoteuser = jane@example.org
remotepassfile = ~/.mail-password

# From here on everything is a comment: all options, each with its default or,
# where there is none, with an example. Copy what you need to the sections
# above. A comment must stand on a line of its own; a line that is indented
# continues the one before it; a percent sign in a value is written twice.`;

function rule(title: string): string {
  return `# ${`-- ${title} `.padEnd(78, "-")}`;
}

/** A text as comment lines of at most eighty columns. */
function comment(text: string): string {
  const lines: string[] = [];
  let line = "#";
  for (const word of text.split(" ")) {
    if (line.length + 1 + word.length > 80) {
      lines.push(line);
      line = "#";
    }
    line += ` ${word}`;
  }
  return [...lines, line].join("\n");
}

/** Markdown as `deno fmt` wants it, so that the written file passes the check. */
export async function formatMarkdown(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--no-config", "--ext=md", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("deno fmt refused the reference");
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  const root = new URL("../", import.meta.url);
  await Deno.writeTextFile(
    new URL(REFERENCE_FILE, root),
    await formatMarkdown(renderReference()),
  );
  await Deno.writeTextFile(new URL(EXAMPLE_FILE, root), renderExample());
  const page = new URL(COMPATIBILITY_FILE, root);
  const rows = compatibilityRows(await allTests(root));
  await Deno.writeTextFile(
    page,
    withTable(await Deno.readTextFile(page), renderRows(rows)),
  );
}
