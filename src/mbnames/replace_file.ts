/** Puts a text into a file so that a reader finds the old one or the new one. */
import { dirname, join } from "node:path";

/**
 * Replaces the content of `path`: written beside it, on the disk, then renamed.
 * The rights of a file that is there stay, and a link keeps leading to it. What is
 * no plain file, such as a pipe, is written to as it is.
 *
 * @param mode Rights of a new file, less what the umask takes. @default 0o666
 * @throws What the system says.
 */
export async function replaceFile(
  path: string,
  text: string,
  mode = 0o666,
): Promise<void> {
  const target = await realTarget(path);
  const bytes = new TextEncoder().encode(text);
  const known = await statOf(target);
  if (known !== undefined && !known.isFile) {
    await Deno.writeFile(target, bytes, { create: false });
    return;
  }
  const passing = join(
    dirname(target),
    `.mbnames-${Deno.pid}-${crypto.randomUUID()}`,
  );
  try {
    {
      using file = await Deno.open(passing, {
        write: true,
        createNew: true,
        mode,
      });
      await writeAll(file, bytes);
      await file.sync();
    }
    const rights = known?.mode ?? undefined;
    if (rights !== undefined && Deno.build.os !== "windows") {
      await Deno.chmod(passing, rights & 0o7777);
    }
    await Deno.rename(passing, target);
  } catch (error) {
    await Deno.remove(passing).catch(() => {});
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await file.write(rest));
}

/** Where a link leads; `path` itself where nothing is there. */
async function realTarget(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return path;
    throw error;
  }
}

async function statOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
