/** One folder of the list, as OfflineIMAP keeps it between runs. */

/** What a line of the list can be made from. The names are OfflineIMAP's. */
export interface FolderItem {
  readonly accountname: string;
  /** The folder below the root: its local name, on Windows escaped where needed. */
  readonly foldername: string;
  /** Root of the local repository; null where that is no folder. */
  readonly localfolders: string | null;
}

/**
 * The items of an account as the file that OfflineIMAP writes, byte for byte:
 * Python's `json.dump` with its blanks, ASCII only, no line end.
 */
export function formatItems(items: readonly FolderItem[]): string {
  const texts = items.map(({ accountname, foldername, localfolders }) =>
    `{"accountname": ${quote(accountname)}, "foldername": ` +
    `${quote(foldername)}, "localfolders": ${quote(localfolders)}}`
  );
  return `[${texts.join(", ")}]`;
}

function quote(value: string | null): string {
  return JSON.stringify(value).replaceAll(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * Reads such a file back.
 * @throws {SyntaxError} When it is no list of such items.
 */
export function parseItems(text: string): FolderItem[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new SyntaxError("It is no list");
  return value.map((item: unknown) => {
    if (!isItem(item)) throw new SyntaxError("An item is no folder");
    const { accountname, foldername, localfolders } = item;
    return { accountname, foldername, localfolders };
  });
}

function isItem(value: unknown): value is FolderItem {
  if (typeof value !== "object" || value === null) return false;
  const { accountname, foldername, localfolders } = value as Partial<
    Record<keyof FolderItem, unknown>
  >;
  return typeof accountname === "string" && typeof foldername === "string" &&
    (typeof localfolders === "string" || localfolders === null);
}

/** By account, then folder, as Python compares texts: by code points. */
export function compareItems(a: FolderItem, b: FolderItem): number {
  return compareText(a.accountname, b.accountname) ||
    compareText(a.foldername, b.foldername);
}

function compareText(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) -
      (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
