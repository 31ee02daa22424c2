/** The folders of each account, in a file of its own below the metadata. */
import { join } from "node:path";
import { escapeFileName } from "../state/state_path.ts";
import { type FolderItem, formatItems, parseItems } from "./folder_item.ts";
import { replaceFile } from "./replace_file.ts";

const ENDING = ".json";

/** `<metadata>/mbnames`: OfflineIMAP's, so that both programs can take turns. */
export class PartialFiles {
  readonly #folder: string;

  constructor(metadata: string) {
    this.#folder = join(metadata, "mbnames");
  }

  /** The file of an account. */
  pathOf(account: string): string {
    return join(this.#folder, escapeFileName(account) + ENDING);
  }

  /** Replaces the list of an account. @throws What the system says. */
  async write(account: string, items: readonly FolderItem[]): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await replaceFile(this.pathOf(account), formatItems(items), 0o600);
  }

  /** All files in the order of their names; none without the folder. */
  async list(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name, isDirectory } of Deno.readDir(this.#folder)) {
        if (name.endsWith(ENDING) && !isDirectory) names.push(name);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names.sort().map((name) => join(this.#folder, name));
  }

  /** @throws {SyntaxError} For a damaged file, or what the system says. */
  async read(path: string): Promise<FolderItem[]> {
    return parseItems(await Deno.readTextFile(path));
  }

  /** The files of accounts other than `accounts`. */
  async others(accounts: readonly string[]): Promise<string[]> {
    const kept = new Set(accounts.map((account) => this.pathOf(account)));
    return (await this.list()).filter((path) => !kept.has(path));
  }
}
