/** The folders that the flag `-f` names. */

interface Item {
  readonly text: string;
  /** What stands before and after the first colon, if there is one. */
  readonly parts: readonly [string, string] | undefined;
}

/**
 * The folders that `-f` names for an account; undefined when it names none for
 * it, so that its own `folderfilter` counts.
 *
 * Names are separated by commas and taken letter for letter, blanks included. A
 * backslash makes a comma, a colon or a backslash part of a name (in OfflineIMAP
 * a name with a comma cannot be given). `ACCOUNT:NAME`, where ACCOUNT is one of
 * `accounts`, is for that account alone; every other name is for all of them.
 */
export function foldersOf(
  text: string,
  account: string,
  accounts: readonly string[],
): string[] | undefined {
  const folders = splitItems(text).flatMap(({ text, parts }) => {
    if (parts === undefined || !accounts.includes(parts[0])) return text;
    return parts[0] === account ? parts[1] : [];
  });
  return folders.length === 0 ? undefined : folders;
}

function splitItems(text: string): Item[] {
  const items: Item[] = [];
  let current = "";
  let colon: number | undefined;
  const push = () => {
    const parts = colon === undefined
      ? undefined
      : [current.slice(0, colon), current.slice(colon + 1)] as const;
    items.push({ text: current, parts });
    [current, colon] = ["", undefined];
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i] ?? "";
    const next = text[i + 1];
    if (letter === "\\" && (next === "," || next === ":" || next === "\\")) {
      current += next;
      i++;
    } else if (letter === ",") push();
    else {
      if (letter === ":") colon ??= current.length;
      current += letter;
    }
  }
  push();
  return items;
}
