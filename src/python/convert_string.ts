/** String literals: adjacent ones become one, f-strings become parts. */
import type { Expression, StringPart } from "./ast.ts";
import { openLiteral, stringOf, unescapeText } from "./literals.ts";
import {
  childrenOf,
  commaItems,
  invalid,
  type SyntaxNode,
} from "./syntax_tree.ts";

/** What converting a string needs of its surroundings. */
export interface StringContext {
  readonly text: string;
  /** Makes the expression of items that commas separate. */
  readonly convertItems: (
    items: SyntaxNode[][],
    span: SyntaxNode,
  ) => Expression;
}

/** The expression of a String, FormatString or ContinuedString. */
export function convertString(
  node: SyntaxNode,
  context: StringContext,
): Expression {
  const literals = node.name === "ContinuedString" ? childrenOf(node) : [node];
  const parts: StringPart[] = [];
  const bytes: Uint8Array[] = [];
  for (const literal of literals) {
    if (literal.name === "FormatString") {
      parts.push(...formatParts(literal, context));
      continue;
    }
    const value = stringOf(context.text, literal);
    if (typeof value === "string") parts.push(value);
    else bytes.push(value);
  }
  const { from, to } = node;
  if (bytes.length > 0) {
    if (bytes.length < literals.length) {
      throw invalid(node, "cannot mix bytes and nonbytes literals");
    }
    const value = Uint8Array.from(bytes.flatMap((item) => [...item]));
    return { kind: "constant", value, from, to };
  }
  if (parts.every((part) => typeof part === "string")) {
    return { kind: "constant", value: parts.join(""), from, to };
  }
  return { kind: "text", parts, from, to };
}

function formatParts(node: SyntaxNode, context: StringContext): StringPart[] {
  const literal = openLiteral(context.text, node);
  const textPart = (from: number, to: number): string => {
    const body = context.text.slice(from, to);
    if (/(?<![{}])(?:\{\{|\}\})*[{}](?![{}])/.test(body)) {
      throw invalid(node, "f-string: single '}' is not allowed");
    }
    const plain = body.replaceAll("{{", "{").replaceAll("}}", "}");
    return unescapeText(plain, literal, node);
  };
  const fields = childrenOf(node).filter((child) =>
    child.name === "FormatReplacement"
  );
  return partsBetween(
    fields,
    literal.bodyFrom,
    literal.bodyTo,
    textPart,
    (field) => fieldParts(field, context),
  );
}

/** The parts of fields and of the text before, between and after them. */
function partsBetween(
  fields: readonly SyntaxNode[],
  from: number,
  to: number,
  textPart: (from: number, to: number) => string,
  fieldParts: (field: SyntaxNode) => StringPart[],
): StringPart[] {
  const parts: StringPart[] = [];
  let at = from;
  for (const field of fields) {
    parts.push(textPart(at, field.from), ...fieldParts(field));
    at = field.to;
  }
  parts.push(textPart(at, to));
  return parts.filter((part) => part !== "");
}

/** `{value!conversion:spec}`; with `=` its source text goes before. */
function fieldParts(field: SyntaxNode, context: StringContext): StringPart[] {
  const { text } = context;
  const children = childrenOf(field).slice(1, -1);
  const isTail = (node: SyntaxNode) =>
    /^Format(?:SelfDoc|Conversion|Spec)$/.test(node.name);
  const values = children.filter((child) => !isTail(child));
  const [first] = values;
  if (first === undefined) {
    throw invalid(field, "f-string: empty expression not allowed");
  }
  const find = (name: string) => children.find((child) => child.name === name);
  const selfDoc = find("FormatSelfDoc");
  const conversionNode = find("FormatConversion");
  const specNode = find("FormatSpec");
  let conversion = conversionNode === undefined
    ? ""
    : text.slice(conversionNode.from + 1, conversionNode.to);
  if (selfDoc !== undefined && !conversionNode && !specNode) conversion = "r";
  const part: StringPart = {
    value: context.convertItems(commaItems(values), field),
    conversion,
    spec: specNode === undefined ? [] : specParts(specNode, context),
  };
  if (selfDoc === undefined) return [part];
  // The text up to what follows the equals sign, blanks included.
  const end = (conversionNode ?? specNode)?.from ?? field.to - 1;
  return [text.slice(field.from + 1, end), part];
}

function specParts(spec: SyntaxNode, context: StringContext): StringPart[] {
  const fields = childrenOf(spec).filter((child) =>
    child.name === "FormatReplacement"
  );
  return partsBetween(
    fields,
    spec.from + 1,
    spec.to,
    (from, to) => context.text.slice(from, to),
    (field) => fieldParts(field, context),
  );
}
