/** What `--help` shows. */
import { COMMANDS } from "./commands.ts";
import { type Flag, FLAG_LIST, GROUPS } from "./flags.ts";

/** The help is no wider than this: longer lines are hard to read. */
const WIDEST = 100;

/** Column of the explanations, unless the screen is too narrow for two columns. */
const COLUMN = 27;

/** Below this width explanations stand under their flags. */
const NARROW = 60;

/** Command lines with what they do. */
export const EXAMPLES: readonly (readonly [string, string])[] = [
  ["offlineimap", "synchronise all accounts"],
  ["offlineimap --dry-run", "show what that would do"],
  ["offlineimap --info", "show servers and folders"],
  ["offlineimap -a Work -o", "one account, once"],
  ["offlineimap -f INBOX,Sent", "only these folders"],
  ["offlineimap -u quiet", "for cron: speaks only if something is wrong"],
  ["offlineimap -k Account_Work:quick=-1", "one option for this run"],
];

/** Files with what they hold. */
export const FILES: readonly (readonly [string, string])[] = [
  [
    "~/.config/offlineimap/config",
    "the configuration (below $XDG_CONFIG_HOME if that is set)",
  ],
  ["~/.offlineimaprc", "the configuration if the one above does not exist"],
  ["~/.offlineimap", "what both sides last agreed on, and locks (metadata)"],
];

/** Exit codes with what they mean. */
export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ["0", "nothing failed"],
  ["1", "something failed; it was reported, and the rest was done"],
  ["2", "a folder's UIDVALIDITY changed, or a flag was not understood"],
];

/** The help for a screen of `columns` columns, with a line end at its end. */
export function formatHelp(columns: number): string {
  const width = Math.max(20, Math.min(columns, WIDEST));
  const blocks = [
    "Usage: offlineimap [FLAGS]\n       offlineimap COMMAND …",
    wrap(
      "Keeps IMAP accounts and local Maildir folders in step, both ways, as " +
        "the configuration file says.",
      width,
    ).join("\n"),
    ...Object.entries(GROUPS).map(([group, title]) => {
      const flags = FLAG_LIST.filter(([, flag]) => flag.group === group);
      const rows = flags.map(([, flag]) => [spellAll(flag), flag.about]);
      return table(title, rows, width);
    }),
    table("Commands:", commandRows(), width),
    table("Examples:", EXAMPLES, width, 42),
    table("Files:", FILES, width, 33),
    table("Exit codes:", EXIT_CODES, width, 5),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function commandRows(): string[][] {
  return Object.entries(COMMANDS).filter(([, { hidden }]) => !hidden)
    .map(([name, { usage, about }]) => [`${name} ${usage}`, about]);
}

/** `-h, --help`, `-a ACCOUNT,...`. */
export function spellAll({ short, long, argument }: Flag): string {
  const forms = [];
  if (short !== undefined) forms.push(`-${short}`);
  if (long !== undefined) forms.push(`--${long}`);
  return argument === undefined
    ? forms.join(", ")
    : `${forms.join(", ")} ${argument}`;
}

/** Rows of two columns; what does not fit on the left has a line of its own. */
function table(
  title: string,
  rows: readonly (readonly string[])[],
  width: number,
  column = COLUMN,
): string {
  const start = width < NARROW ? 6 : column;
  const lines = rows.flatMap(([left = "", right = ""]) => {
    const texts = wrap(right, width - start).map((t) => " ".repeat(start) + t);
    const head = `  ${left}`;
    const [first = "", ...others] = texts;
    return head.length + 2 <= start
      ? [head.padEnd(start) + first.trimStart(), ...others]
      : [head, ...texts];
  });
  return [...wrap(title, width), ...lines].join("\n");
}

/** Lines of at most `width` columns, where the words allow it. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
