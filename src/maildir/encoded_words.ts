/** Encoded words in a header (RFC 2047): OfflineIMAP writes long lists so. */

const WORD = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=/gi;

/**
 * `text` with its encoded words read; blanks between two of them mean nothing
 * (RFC 2047 §6.2). A word that makes no sense stays as it is.
 */
export function decodeWords(text: string): string {
  return text.replaceAll(/(\?=)\s+(?==\?)/g, "$1").replaceAll(
    WORD,
    (word, charset: string, encoding: string, content: string) => {
      try {
        const bytes = encoding.toLowerCase() === "b"
          ? base64(content)
          : quoted(content);
        // A language may follow the charset (RFC 2231 §5).
        return new TextDecoder(charset.split("*")[0], { fatal: true })
          .decode(bytes);
      } catch {
        return word;
      }
    },
  );
}

function base64(content: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
}

function quoted(content: string): Uint8Array<ArrayBuffer> {
  const text = content.replaceAll("_", " ").replaceAll(
    /=([0-9a-f]{2})/gi,
    (_, digits: string) => String.fromCharCode(parseInt(digits, 16)),
  );
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
