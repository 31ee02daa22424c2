/** How the list looks: the Python expressions of `[mbnames]`, evaluated once. */
import type { MbnamesConfig, PythonSource } from "../config/config.ts";
import {
  asFilter,
  asRecordSort,
  asString,
  compile,
  denoHost,
  formatFields,
  type PythonExpression,
  type PythonModule,
} from "../python/mod.ts";
import { compareItems, type FolderItem } from "./folder_item.ts";

/** A text for a mail client, and which folders stand in it. */
export interface ListFormat {
  /** `folderfilter`. */
  readonly accepts: (account: string, folder: string) => Promise<boolean>;
  /** The text of the file. */
  readonly format: (items: readonly FolderItem[]) => Promise<string>;
}

/**
 * Evaluates `[mbnames]`. As in OfflineIMAP `re` is there for the two functions
 * and not for the texts.
 *
 * @throws {MailError} An expression that cannot be evaluated, with its place.
 */
export async function openListFormat(
  config: MbnamesConfig,
  module: PythonModule,
): Promise<ListFormat> {
  const compiled = (source: PythonSource, re: boolean) =>
    compile(source, { re, host: denoHost(), module });
  const text = async (source: PythonSource) =>
    await asString(await compiled(source, false));
  const header = await text(config.header);
  const separator = await text(config.separator);
  const footer = await text(config.footer);
  const { folderFilter, sortKey, perItem } = config;
  const filter = folderFilter === undefined
    ? undefined
    : await asFilter(await compiled(folderFilter, true));
  const sort = sortKey === undefined
    ? (items: readonly FolderItem[]) =>
      Promise.resolve([...items].sort(compareItems))
    : await keySort(await compiled(sortKey, true));
  return {
    accepts: async (account, folder) =>
      filter === undefined || await filter(account, folder),
    format: async (items) => {
      const texts: string[] = [];
      for (const item of await sort(items)) {
        texts.push(await formatFields(perItem, fieldsOf(item)));
      }
      return header + texts.join(separator) + footer;
    },
  };
}

async function keySort(expression: PythonExpression) {
  const sort = await asRecordSort(expression);
  return (items: readonly FolderItem[]) => sort(items, fieldsOf);
}

/** As Python shows them: a root that is none as `None`. */
function fieldsOf(item: FolderItem): Record<string, string> {
  return { ...item, localfolders: item.localfolders ?? "None" };
}
