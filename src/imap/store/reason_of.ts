/** Why a server refuses, for a text of ours. */
import { printable, type ResponseError } from "../connection_error.ts";

/** The server's words without what Dovecot adds (its times) and final periods. */
export function reasonOf({ responseText }: ResponseError): string {
  const words = printable(responseText)
    .replace(/ \([\d.]+ \+ [\d.]+( \+ [\d.]+)? secs\)\.?$/, "")
    .replace(/[.\s]+$/, "");
  return words === "" ? "no reason given" : words;
}
