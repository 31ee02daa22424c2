/** Which names an expression takes from outside. */
import type {
  Clause,
  Expression,
  Parameter,
  StringPart,
  Target,
} from "./ast.ts";

/** Names that `expression` uses and does not bind itself. */
export function freeNames(expression: Expression): Set<string> {
  const free = new Set<string>();
  visit(expression, new Set(), free);
  return free;
}

type Names = Set<string>;

function visit(expression: Expression, bound: Names, free: Names): void {
  const go = (item: Expression | undefined) => {
    if (item !== undefined) visit(item, bound, free);
  };
  switch (expression.kind) {
    case "constant":
      return;
    case "name":
      if (!bound.has(expression.name)) free.add(expression.name);
      return;
    case "text":
      visitParts(expression.parts, go);
      return;
    case "display":
      for (const { value } of expression.items) go(value);
      return;
    case "dict":
      for (const { key, value } of expression.entries) {
        go(key);
        go(value);
      }
      return;
    case "comprehension":
      visitClauses(expression, bound, free);
      return;
    case "unary":
      go(expression.operand);
      return;
    case "binary":
    case "logical":
      go(expression.left);
      go(expression.right);
      return;
    case "compare":
      go(expression.first);
      for (const { operand } of expression.rest) go(operand);
      return;
    case "conditional":
      go(expression.test);
      go(expression.yes);
      go(expression.no);
      return;
    case "lambda":
      for (const { fallback } of expression.parameters) go(fallback);
      visit(
        expression.body,
        withParameters(expression.parameters, bound),
        free,
      );
      return;
    case "call":
      go(expression.callee);
      for (const { value } of expression.args) go(value);
      for (const { value } of expression.keywords) go(value);
      return;
    case "attribute":
      go(expression.object);
      return;
    case "subscript":
      go(expression.object);
      go(expression.index);
      return;
    case "slice":
      go(expression.start);
      go(expression.stop);
      go(expression.step);
      return;
    case "assign":
      go(expression.value);
      bound.add(expression.name);
      return;
    default:
      expression satisfies never;
  }
}

function visitParts(
  parts: readonly StringPart[],
  go: (item: Expression) => void,
): void {
  for (const part of parts) {
    if (typeof part === "string") continue;
    go(part.value);
    visitParts(part.spec, go);
  }
}

function withParameters(parameters: readonly Parameter[], bound: Names): Names {
  return new Set([...bound, ...parameters.map(({ name }) => name)]);
}

function visitClauses(
  expression: {
    readonly element: Expression;
    readonly value: Expression | undefined;
    readonly clauses: readonly Clause[];
  },
  bound: Names,
  free: Names,
): void {
  const inner = new Set(bound);
  expression.clauses.forEach(({ target, iterable, conditions }, index) => {
    visit(iterable, index === 0 ? bound : inner, free);
    for (const name of targetNames(target)) inner.add(name);
    for (const condition of conditions) visit(condition, inner, free);
  });
  visit(expression.element, inner, free);
  if (expression.value !== undefined) visit(expression.value, inner, free);
}

function targetNames(target: Target): string[] {
  return target.kind === "name"
    ? [target.name]
    : target.targets.flatMap(targetNames);
}
