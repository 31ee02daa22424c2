/** Text files as people's editors write them. */

/**
 * The text of a file: UTF-8, or UTF-16 where a byte-order mark says so, as
 * Windows' PowerShell and editors write it. The mark itself is left out.
 * @throws {TypeError} With `fatal`: these are not the bytes of such a text. Else
 *   U+FFFD stands for what is none.
 */
export function decodeText(
  bytes: Uint8Array,
  { fatal }: { readonly fatal: boolean },
): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe
    ? "utf-16le"
    : bytes[0] === 0xfe && bytes[1] === 0xff
    ? "utf-16be"
    : "utf-8";
  return new TextDecoder(encoding, { fatal }).decode(bytes);
}
