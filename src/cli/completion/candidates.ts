/** What could be typed next: the same answer for every shell. */
import { UI_NAMES } from "../../config/ui_name.ts";
import { DEBUG_TOPICS } from "../arguments.ts";
import { COMMANDS } from "../commands.ts";
import { type Flag, FLAG_LIST, type FlagName } from "../flags.ts";

/** One possibility. */
export interface Candidate {
  /** The whole word. */
  readonly word: string;
  readonly about?: string;
}

/** Instead of candidates: the shell completes names of files by itself. */
export const FILES = "files";

/** Names that only the user's files know. */
export interface NameSource {
  accounts(): Promise<readonly string[]>;
  folders(): Promise<readonly string[]>;
}

/** What a flag's argument is. */
const ARGUMENTS: Partial<
  Record<
    FlagName,
    (names: NameSource) => typeof FILES | Promise<readonly string[]>
  >
> = {
  accounts: (names) => names.accounts(),
  folders: (names) => names.folders(),
  deleteFolder: (names) => names.folders(),
  configFile: () => FILES,
  logFile: () => FILES,
  profile: () => FILES,
  ui: () => Promise.resolve(UI_NAMES),
  debug: () => Promise.resolve([...DEBUG_TOPICS, "all"]),
};

/** Flags whose argument is a list with commas. */
const LISTS: ReadonlySet<FlagName> = new Set(["accounts", "folders", "debug"]);

/**
 * What may stand for `current`, given the words before it.
 *
 * @param words Those between the program's name and `current`.
 */
export async function candidatesFor(
  words: readonly string[],
  current: string,
  names: NameSource,
): Promise<readonly Candidate[] | typeof FILES> {
  const command = COMMANDS[words[0] ?? ""];
  if (command !== undefined) {
    const flag = flagBefore(words.slice(1));
    if (flag === "accounts" || flag === "configFile") {
      return await argumentsOf(flag, current, names);
    }
    const found = command.words.filter(([word]) => !words.includes(word))
      .map(([word, about]) => about === "" ? { word } : { word, about });
    return startingWith(current, found);
  }
  const flag = flagBefore(words);
  if (flag !== undefined) return await argumentsOf(flag, current, names);
  if (current.startsWith("-")) return startingWith(current, flags());
  const commands = Object.entries(COMMANDS).filter(([, { hidden }]) => !hidden)
    .map(([word, { about }]) => ({ word, about }));
  return words.length === 0 ? startingWith(current, commands) : [];
}

async function argumentsOf(
  name: FlagName,
  current: string,
  names: NameSource,
): Promise<readonly Candidate[] | typeof FILES> {
  const values = await ARGUMENTS[name]?.(names);
  if (values === undefined) return [];
  if (values === FILES) return FILES;
  // A list grows at its end, and names nothing twice.
  const end = LISTS.has(name) ? current.lastIndexOf(",") + 1 : 0;
  const head = current.slice(0, end);
  const given = head.split(",");
  const left = values.filter((value) => !given.includes(value));
  return startingWith(current, left.map((word) => ({ word: head + word })));
}

/** The flag whose argument comes next: `-a`, `-oa`, `--delete-folder`. */
function flagBefore(words: readonly string[]): FlagName | undefined {
  const last = words.at(-1) ?? "";
  const found = FLAG_LIST.find(([, { short, long, argument }]) => {
    if (argument === undefined) return false;
    if (last.startsWith("--")) return last === `--${long}`;
    return last.startsWith("-") && short !== undefined &&
      last.endsWith(short) &&
      [...last.slice(1, -1)].every(isSwitch);
  });
  return found?.[0];
}

/** Whether the letter is a flag without an argument, so that others may follow. */
function isSwitch(letter: string): boolean {
  return FLAG_LIST.some(([, { short, argument }]) =>
    short === letter && argument === undefined
  );
}

function flags(): Candidate[] {
  return FLAG_LIST.flatMap(([, flag]) =>
    spellings(flag).map((word) => ({ word, about: flag.about }))
  );
}

function spellings({ short, long }: Flag): string[] {
  return [
    ...long === undefined ? [] : [`--${long}`],
    ...short === undefined ? [] : [`-${short}`],
  ];
}

function startingWith(
  current: string,
  candidates: readonly Candidate[],
): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(current));
}
