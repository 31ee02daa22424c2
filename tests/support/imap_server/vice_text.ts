/** Vices written on a command line. */
import { NATURAL_COMMANDS, type Vice } from "./vices.ts";

/**
 * A vice from text: JSON (`{"kind":"cutBefore","when":{"nth":3}}`) or the short
 * form `kind,key=value,…`, where numbers, `true`, `false`, lists with `+` and
 * `when.nth=3` are understood: `refuse,reply=NO,when.command=APPEND`.
 *
 * @throws {SyntaxError} Where the kind is unknown or the text is malformed.
 */
export function parseVice(text: string): Vice {
  const fields = text.startsWith("{") ? JSON.parse(text) : shortForm(text);
  if (!isVice(fields)) {
    throw new SyntaxError(
      `Unknown vice "${text}"; there are: ${
        Object.keys(NATURAL_COMMANDS).join(", ")
      }`,
    );
  }
  return fields;
}

/** Only the kind is checked: this is for trials by hand. */
function isVice(value: unknown): value is Vice {
  return typeof value === "object" && value !== null && "kind" in value &&
    typeof value.kind === "string" && value.kind in NATURAL_COMMANDS;
}

function shortForm(text: string): unknown {
  const [kind = "", ...pairs] = text.split(",");
  const fields: Record<string, unknown> = { kind };
  const when: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 0) throw new SyntaxError(`Expected key=value, found "${pair}"`);
    const key = pair.slice(0, at);
    const value = valueOf(pair.slice(at + 1));
    if (key.startsWith("when.")) when[key.slice(5)] = value;
    else fields[key] = value;
  }
  return Object.keys(when).length === 0 ? fields : { ...fields, when };
}

function valueOf(text: string): unknown {
  if (text.includes("+")) return text.split("+").map(valueOf);
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === "true" || text === "false") return text === "true";
  const pattern = /^\/(.*)\/$/.exec(text)?.[1];
  return pattern === undefined ? text : new RegExp(pattern);
}
