/** This program: bundled as it is shipped, or from source. */
import { join } from "node:path";
import { bundle } from "../../scripts/bundle.ts";
import { PERMISSIONS } from "../../src/permissions.ts";
import type { Product } from "../product.ts";
import { mailFolder, writeOfflineimaprc } from "./offlineimaprc.ts";

const SOURCE = new URL("../../src/main.ts", import.meta.url).pathname;

/** The program as `deno run` starts it from its sources. */
export function ourSource(denoFolder: string): Product {
  return product("this program, from source", "source", SOURCE, denoFolder);
}

/**
 * The program bundled, which is how it is compiled and shipped.
 * @param folder Where the bundle is put.
 * @throws {Error} When it cannot be bundled.
 */
export async function ourBundle(
  folder: string,
  denoFolder: string,
): Promise<Product> {
  const { entry } = await bundle(folder);
  return product("this program", "ours", entry, denoFolder);
}

function product(
  title: string,
  id: string,
  entry: string,
  denoFolder: string,
): Product {
  return {
    title,
    id,
    slow: false,
    variant: id !== "ours",
    client: (home) => ({
      home,
      mailbox: (name) => join(mailFolder(home), ...name.split("/")),
      configure: (options) => void writeOfflineimaprc(home, options),
      command: () => ({
        program: Deno.execPath(),
        args: [
          ...["run", "--quiet", ...PERMISSIONS, entry],
          ...["-c", join(home, "offlineimaprc"), "-o"],
        ],
        env: {
          HOME: home,
          DENO_DIR: denoFolder,
          DENO_NO_UPDATE_CHECK: "1",
        },
      }),
    }),
  };
}
