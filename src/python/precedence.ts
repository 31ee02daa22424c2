/**
 * Operators and how strongly they bind.
 *
 * @lezer/python (1.1.18) lets `not` bind looser than `and` and `or`: it reads
 * `not a or b` as `not (a or b)`, which would turn many a folderfilter around.
 * So the order of operands and operators is taken from its tree, and the tree of
 * these is made anew after the grammar of Python's reference, section 6.17.
 */
import type { Expression, ExpressionKind } from "./ast.ts";
import type { CompareOperator } from "./compare.ts";
import { syntaxHint } from "./legacy.ts";
import type { BinaryOperator } from "./operators.ts";
import { childrenOf, invalid, type SyntaxNode } from "./syntax_tree.ts";
import { Unsupported } from "./raised.ts";

/** An operand's node, or an operator and where it stands. */
interface Part {
  readonly node: SyntaxNode;
  /** Undefined for an operand. */
  readonly operator: string | undefined;
}

const NOT_LEVEL = 3;
const COMPARE_LEVEL = 4;
const UNARY_LEVEL = 11;
const POWER_LEVEL = 12;

const COMPARISONS: ReadonlySet<string> = new Set([
  "<",
  "<=",
  ">",
  ">=",
  "==",
  "!=",
  "in",
  "not in",
  "is",
  "is not",
]);

const BINARY_LEVELS: ReadonlyMap<string, number> = new Map([
  ["|", 5],
  ["^", 6],
  ["&", 7],
  ["<<", 8],
  [">>", 8],
  ["+", 9],
  ["-", 9],
  ["*", 10],
  ["/", 10],
  ["//", 10],
  ["%", 10],
  ["@", 10],
  ["**", POWER_LEVEL],
]);

/** True for nodes that are made anew by {@link convertOperators}. */
export function isOperation(node: SyntaxNode): boolean {
  return node.name === "BinaryExpression" || node.name === "UnaryExpression";
}

/** The tree of a chain of operators; `convert` makes the operands. */
export function convertOperators(
  node: SyntaxNode,
  text: string,
  convert: (node: SyntaxNode) => Expression,
): Expression {
  const parts: Part[] = [];
  collectParts(node, text, parts);
  const chain = new Chain(parts, convert);
  const expression = chain.read(1);
  const rest = chain.peek();
  if (rest !== undefined) throw invalid(rest.node);
  return expression;
}

function collectParts(node: SyntaxNode, text: string, parts: Part[]): void {
  let operators: SyntaxNode[] = [];
  const flush = () => {
    const [first] = operators;
    if (first === undefined) return;
    // `not in` and `is not` are two tokens of one operator.
    const operator = operators.map((item) => text.slice(item.from, item.to))
      .join(" ");
    parts.push({ node: first, operator });
    operators = [];
  };
  for (const child of childrenOf(node)) {
    if (isOperatorToken(child)) {
      operators.push(child);
      continue;
    }
    flush();
    if (isOperation(child)) collectParts(child, text, parts);
    else parts.push({ node: child, operator: undefined });
  }
  flush();
}

function isOperatorToken(node: SyntaxNode): boolean {
  return /^(?:ArithOp|BitOp|CompareOp|and|or|not|in|is)$/.test(node.name);
}

/** Reads a chain by climbing from the weakest level to the strongest. */
class Chain {
  readonly #parts: readonly Part[];
  readonly #convert: (node: SyntaxNode) => Expression;
  #at = 0;

  constructor(
    parts: readonly Part[],
    convert: (node: SyntaxNode) => Expression,
  ) {
    this.#parts = parts;
    this.#convert = convert;
  }

  peek(): Part | undefined {
    return this.#parts[this.#at];
  }

  /** Reads as long as operators bind at least as strongly as `level`. */
  read(level: number): Expression {
    let left = this.#readOperand(level);
    for (;;) {
      const part = this.peek();
      const operator = part?.operator;
      if (part === undefined || operator === undefined) return left;
      const itsLevel = this.#levelOf(operator, part.node);
      if (itsLevel < level) return left;
      left = this.#readTail(left, operator, itsLevel);
    }
  }

  #levelOf(operator: string, node: SyntaxNode): number {
    if (operator === "or") return 1;
    if (operator === "and") return 2;
    if (COMPARISONS.has(operator)) return COMPARE_LEVEL;
    const level = BINARY_LEVELS.get(operator);
    if (operator === "<>") {
      throw invalid(node, "invalid syntax", syntaxHint("<>"));
    }
    if (level === undefined) throw invalid(node);
    return level;
  }

  #readOperand(level: number): Expression {
    const part = this.peek();
    if (part === undefined) {
      const last = this.#parts.at(-1);
      if (last === undefined) throw new Unsupported("an empty expression");
      throw invalid(last.node);
    }
    this.#at += 1;
    const { operator, node } = part;
    if (operator === undefined) return this.#convert(node);
    if (operator === "not") {
      if (level > NOT_LEVEL) throw invalid(node);
      const operand = this.read(NOT_LEVEL);
      return spanned(node, operand, { kind: "unary", operator, operand });
    }
    if (operator !== "-" && operator !== "+" && operator !== "~") {
      throw invalid(node);
    }
    const operand = this.read(UNARY_LEVEL);
    return spanned(node, operand, { kind: "unary", operator, operand });
  }

  #readTail(left: Expression, operator: string, level: number): Expression {
    if (level === COMPARE_LEVEL) return this.#readComparison(left);
    this.#at += 1;
    // Only powers group from the right, and take a sign on their right side.
    const right = this.read(level === POWER_LEVEL ? UNARY_LEVEL : level + 1);
    if (operator === "and" || operator === "or") {
      return spanned(left, right, { kind: "logical", operator, left, right });
    }
    return spanned(left, right, {
      kind: "binary",
      operator: operator as BinaryOperator,
      left,
      right,
    });
  }

  /** `a < b < c` is one expression of three operands. */
  #readComparison(first: Expression): Expression {
    const rest: { operator: CompareOperator; operand: Expression }[] = [];
    let last = first;
    for (;;) {
      const operator = this.peek()?.operator;
      if (operator === undefined || !isComparison(operator)) break;
      this.#at += 1;
      last = this.read(COMPARE_LEVEL + 1);
      rest.push({ operator, operand: last });
    }
    return spanned(first, last, { kind: "compare", first, rest });
  }
}

function isComparison(operator: string): operator is CompareOperator {
  return COMPARISONS.has(operator);
}

/** An expression from the start of one construct to the end of another. */
function spanned(
  first: { readonly from: number },
  last: { readonly to: number },
  kind: ExpressionKind,
): Expression {
  return { ...kind, from: first.from, to: last.to };
}
