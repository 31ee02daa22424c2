// deno-lint-ignore-file no-console -- a script talks to whoever started it
/**
 * Fills the packaging recipes with the checksums of a release:
 * `deno run -A scripts/recipes.ts OWNER/NAME`, after `deno task compile`.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../src/cli/version.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What a recipe is filled with. */
export interface Release {
  readonly version: string;
  /** `https://…`, of the project. */
  readonly homepage: string;
  /** Where the files of the release are, without a slash at the end. */
  readonly url: string;
  /** SHA-256 by file name, hexadecimal. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** The lines of SHA256SUMS. */
export function parseChecksums(text: string): Map<string, string> {
  return new Map(
    text.split("\n").flatMap((line) => {
      const match = /^([0-9a-f]{64}) [ *](.+)$/.exec(line);
      return match?.[1] && match[2] ? [[match[2], match[1]]] : [];
    }),
  );
}

/**
 * A recipe with everything between at signs filled in.
 * @throws {Error} For a file that the release does not have.
 */
export function fillRecipe(template: string, release: Release): string {
  return template
    .replaceAll("@VERSION@", release.version)
    .replaceAll("@HOMEPAGE@", release.homepage)
    .replaceAll("@URL@", release.url)
    .replace(/@SHA256 ([^@\n]+)@/g, (_, name: string) => {
      const checksum = release.checksums.get(name);
      if (checksum === undefined) throw new Error(`There is no ${name}`);
      return checksum;
    });
}

function main(repository: string): void {
  const homepage = `https://github.com/${repository}`;
  const release = {
    version: VERSION,
    homepage,
    url: `${homepage}/releases/download/v${VERSION}`,
    checksums: parseChecksums(
      Deno.readTextFileSync(join(ROOT, "dist/SHA256SUMS")),
    ),
  };
  const folder = join(ROOT, "dist/recipes");
  Deno.mkdirSync(folder, { recursive: true });
  for (const { name } of Deno.readDirSync(join(ROOT, "packaging"))) {
    const template = Deno.readTextFileSync(join(ROOT, "packaging", name));
    Deno.writeTextFileSync(join(folder, name), fillRecipe(template, release));
    console.log(join("dist/recipes", name));
  }
}

if (import.meta.main) {
  const [repository] = Deno.args;
  if (repository === undefined) console.error("Usage: recipes.ts OWNER/NAME");
  else main(repository);
}
