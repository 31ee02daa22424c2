/** How a status file that we wrote is known again. */

/** Offset and length of SQLite's file change counter, see its file format §1.3.7. */
const COUNTER_AT = 24;
const COUNTER_BYTES = 4;

/**
 * A text that is another one as soon as anybody commits to the database `path`:
 * SQLite's own counter of changes, the file's size and its time. Undefined when
 * there is no such file.
 */
export function stampOf(path: string): string | undefined {
  try {
    using file = Deno.openSync(path);
    const { size, mtime } = file.statSync();
    const header = new Uint8Array(COUNTER_AT + COUNTER_BYTES);
    const read = file.readSync(header) ?? 0;
    const counter = read < header.length
      ? 0
      : new DataView(header.buffer).getUint32(COUNTER_AT);
    return `${counter}/${size}/${mtime?.getTime() ?? 0}`;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) {
      return undefined;
    }
    throw error;
  }
}
