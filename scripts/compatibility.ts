/**
 * The table of every option and every flag in `docs/compatibility.md`: what
 * OfflineIMAP does, what this program does, and a test that shows it.
 *
 * Rows come from the option table, the table of flags and
 * `compatibility_notes.ts`. The test is found by itself: one that says so
 * (`// shows: account.quick` above it), else one that names the option or sets
 * it. To show a better one, tag it.
 */
import { type Flag, FLAGS, spell } from "../src/cli/flags.ts";
import { OBSOLETE_OPTIONS, OPTION_GROUPS } from "../src/config/options.ts";
import type { OptionSpec } from "../src/config/option_spec.ts";
import { FLAG_NOTES, type Note, OPTION_NOTES } from "./compatibility_notes.ts";
import type { SourceTest } from "./tests_in_source.ts";

/** The file that holds the table, and where in it. */
export const COMPATIBILITY_FILE = "docs/compatibility.md";
const BEGIN = "<!-- Made by `deno task reference`: -->";
/** Rows are one line each and not aligned, so that changes stay small. */
const IGNORE = "<!-- deno-fmt-ignore-start -->";
const END = "<!-- deno-fmt-ignore-end -->";

/** One line of the table. */
export interface Row {
  /** `account.quick`, or a flag as it is written. */
  readonly key: string;
  readonly shown: string;
  readonly theirs: string;
  readonly ours: string;
  /** Whether this version acts on it. */
  readonly works: boolean;
  readonly test: SourceTest | undefined;
}

/** A row for every option, obsolete one and flag. */
export function compatibilityRows(tests: readonly SourceTest[]): Row[] {
  return [...optionRows(tests), ...obsoleteRows(tests), ...flagRows(tests)];
}

function optionRows(tests: readonly SourceTest[]): Row[] {
  return OPTION_GROUPS.flatMap(({ kind, table, title }) =>
    Object.values(table).map((spec): Row => {
      const key = `${kind}.${spec.name.split(" ")[0]}`;
      const note = OPTION_NOTES[key];
      return {
        key,
        shown: `\`${spec.name}\` (${title})`,
        theirs: theirsOf(note, spec.ours),
        ours: oursOf(spec, note),
        works: spec.since === "now",
        test: findTest(tests, key, mentionsOf(spec.names)),
      };
    })
  );
}

function oursOf(
  { since, refuse, ours, about }: OptionSpec<unknown>,
  note: Note | undefined,
): string {
  if (since === "later") {
    return refuse
      ? "Not yet: the account is not synchronised"
      : "Not yet: a warning";
  }
  return note?.ours ?? (ours ? firstSentence(about) : "The same");
}

function obsoleteRows(tests: readonly SourceTest[]): Row[] {
  return OBSOLETE_OPTIONS.map(({ name, kind, about }): Row => {
    const key = `${kind}.${name}`;
    return {
      key,
      shown: `\`${name}\` (of older versions)`,
      theirs: theirsOf(OPTION_NOTES[key], false),
      ours: `Ignored with a warning: ${about}`,
      works: true,
      test: findTest(tests, key, mentionsOf([name])),
    };
  });
}

function flagRows(tests: readonly SourceTest[]): Row[] {
  return Object.values(FLAGS).map((flag: Flag): Row => {
    const key = spell(flag);
    const note = FLAG_NOTES[key];
    const names = [
      ...flag.short === undefined ? [] : [`-${flag.short}`],
      ...flag.long === undefined ? [] : [`--${flag.long}`],
    ];
    return {
      key,
      shown: names.map((name) => `\`${name}\``).join(", "),
      theirs: note?.theirs ?? "Does not have it",
      ours: note?.ours ??
        (note === undefined ? sentence(flag.about) : "The same"),
      works: true,
      test: findTest(tests, key, names.map(flagMention)),
    };
  });
}

function theirsOf(note: Note | undefined, ours: boolean): string {
  return note?.theirs ?? (ours ? "Does not have it" : "");
}

/** What a test is recognised by: in its name, and in its text. */
interface Mention {
  readonly inName: RegExp;
  readonly inText: RegExp;
}

/** Words that stand for something else more often than for the option. */
const COMMON = new Set(["type", "filename", "header", "enabled", "reference"]);

function mentionsOf(names: readonly string[]): Mention[] {
  return names.map((name) => {
    const word = name.replaceAll("-", "\\-");
    const plain = COMMON.has(name) || !/[-_\d]|\w{8}/.test(name);
    return {
      inName: new RegExp(
        plain
          ? `^${word}\\b|(?<![\\w-])${word} =`
          : `(?<![\\w-])${word}(?![\\w-])`,
      ),
      inText: new RegExp(
        COMMON.has(name)
          ? `\\b${word} = `
          : `(?<![\\w.-])${word}(?:: | = |=|": )`,
      ),
    };
  });
}

function flagMention(name: string): Mention {
  const word = name.replaceAll("-", "\\-");
  return {
    inName: new RegExp(`(?<![\\w-])${word}(?![\\w-])`),
    inText: new RegExp(`"${word}"`),
  };
}

/** Better ones first: where the whole program runs, beside the original. */
const PLACES = [
  "tests/differential/",
  "tests/e2e/",
  "tests/faults/",
  "tests/crash/",
  "tests/contract/",
  "tests/unit/",
];

function findTest(
  tests: readonly SourceTest[],
  key: string,
  mentions: readonly Mention[],
): SourceTest | undefined {
  let best: SourceTest | undefined;
  let rank = Infinity;
  for (const test of tests) {
    const place = PLACES.findIndex((start) => test.file.startsWith(start));
    const own = closeness(test, key, mentions) * PLACES.length + place;
    if (place !== -1 && own < rank) {
      best = test;
      rank = own;
    }
  }
  return best;
}

/** 0: it says that it shows it; 1: it names it; 2: it sets it. */
function closeness(
  test: SourceTest,
  key: string,
  mentions: readonly Mention[],
): number {
  if (test.shows.includes(key)) return 0;
  // Other sections have options of the same names.
  const isFlag = key.startsWith("-");
  if (!isFlag && key.startsWith("mbnames.") !== /mbnames/.test(test.name)) {
    return Infinity;
  }
  if (mentions.some(({ inName }) => inName.test(test.name))) return 1;
  // A test of a part sets much that it is not about.
  if (test.file.startsWith("tests/unit/")) return Infinity;
  return mentions.some(({ inText }) => inText.test(test.text)) ? 2 : Infinity;
}

/** The table as Markdown. */
export function renderRows(rows: readonly Row[]): string {
  return [
    "| Option or flag | OfflineIMAP | Here | Shown by |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ shown, theirs, ours, test }) =>
      `| ${[shown, theirs, ours, renderTest(test)].map(cell).join(" | ")} |`
    ),
  ].join("\n");
}

/** What stands for a test that there is not. */
export const NONE = "—";

/** How a test is named in the table. */
export function renderTest(test: SourceTest | undefined): string {
  return test === undefined ? NONE : `\`${test.file}\`: ${test.name}`;
}

/** A text as a cell. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ").trim();
}

/** The page with its table replaced. */
export function withTable(page: string, table: string): string {
  const [before = ""] = page.split(`\n${BEGIN}`);
  return `${before.trimEnd()}\n\n${BEGIN}\n\n${IGNORE}\n${table}\n${END}\n`;
}

function firstSentence(text: string): string {
  return text.split(/(?<=\w)[.:;] /)[0]?.replace(/\.$/, "") ?? text;
}

/** As the beginning of a sentence. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
