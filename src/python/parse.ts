/** Parses the text of an option into an expression. */
import type { Tree } from "@lezer/common";
import { parser } from "@lezer/python";
import type { Expression } from "./ast.ts";
import { Converter } from "./convert.ts";
import { syntaxHint } from "./legacy.ts";
import { SyntaxFault } from "./raised.ts";
import { lineBreakHint } from "./source.ts";
import { childrenOf, commaItems, type SyntaxNode } from "./syntax_tree.ts";

/** Longer texts are not parsed: no option comes near it. */
const LONGEST_TEXT = 200_000;

/**
 * The expression that `text` is.
 *
 * @throws {SyntaxFault} When it is none, with the place of the fault.
 */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST_TEXT) {
    throw new SyntaxFault("the expression is too long", { from: 0, to: 0 });
  }
  const start = text.search(/\S/);
  if (start < 0) {
    throw new SyntaxFault("an expression is missing", { from: 0, to: 0 });
  }
  // Blanks in front would be an indentation, which eval() forgives. As empty
  // lines they mean nothing and keep every offset.
  const flush = "\n".repeat(start) + text.slice(start);
  const top = parseWhole(flush).topNode;
  refuseErrors(top, flush);
  const statement = onlyStatement(top, flush);
  const children = childrenOf(statement);
  return new Converter(flush).convertItems(
    commaItems(children),
    { from: statement.from, to: statement.to },
    children.at(-1)?.name === ",",
  );
}

/**
 * The tree of `text`.
 *
 * The parser gives up on chains such as `n == 'a' or n == 'b' or ...` of some
 * 250 terms, since trees that deep are of no use to an editor. It counts in a
 * field of its state, which is set back here; the tests show that it still helps.
 */
function parseWhole(text: string): Tree {
  const parse = parser.startParse(text);
  for (;;) {
    const tree = parse.advance();
    if (tree !== null) return tree;
    Reflect.set(parse, "bigReductionCount", 0);
  }
}

/** Throws for the first place that the parser had to repair. */
function refuseErrors(top: SyntaxNode, text: string): void {
  const cursor = top.cursor();
  do {
    if (!cursor.type.isError) continue;
    const { from } = cursor;
    const rest = text.slice(from).trim();
    // The parser may notice late: what it could not use starts here.
    const to = Math.max(
      cursor.to,
      from + (/^\w+|^./.exec(rest)?.[0].length ?? 0),
    );
    throw new SyntaxFault(
      rest === "" ? "the expression ends too early" : "invalid syntax",
      { from: Math.min(from, text.trimEnd().length), to },
      syntaxHint(text) ?? lineBreakHint(text, from),
    );
  } while (cursor.next());
}

/** The one expression statement of the text. */
function onlyStatement(top: SyntaxNode, text: string): SyntaxNode {
  const [statement, extra] = childrenOf(top);
  if (statement === undefined) {
    throw new SyntaxFault("an expression is missing", { from: 0, to: 0 });
  }
  if (statement.name !== "ExpressionStatement") {
    throw new SyntaxFault(
      "an expression is needed, not a statement",
      { from: statement.from, to: statement.to },
      syntaxHint(text) ?? "Put statements into a function of the pythonfile",
    );
  }
  if (extra !== undefined) {
    throw new SyntaxFault(
      "invalid syntax: a second expression",
      { from: extra.from, to: extra.to },
      lineBreakHint(text, extra.from),
    );
  }
  return statement;
}
