/** Lambdas, calls and comprehensions: the constructs with lists of their own. */
import type {
  Clause,
  Expression,
  Item,
  KeywordArgument,
  Parameter,
  ParameterKind,
  Target,
} from "./ast.ts";
import { type Span, SyntaxFault } from "./raised.ts";
import {
  childrenOf,
  commaItems,
  innerChildren,
  invalid,
  splitAt,
  type SyntaxNode,
} from "./syntax_tree.ts";

/** Converts any node. */
export type Convert = (node: SyntaxNode) => Expression;

/** The parameters of a ParamList. */
export function convertParameters(
  list: SyntaxNode,
  text: string,
  convert: Convert,
): Parameter[] {
  const parameters: Parameter[] = [];
  const names = new Set<string>();
  let keywordOnly = false;
  let fallbackSeen = false;
  for (const item of commaItems(childrenOf(list))) {
    const [first, second, third] = item;
    if (first === undefined) continue;
    if (parameters.at(-1)?.kind === "keywords") throw invalid(first);
    let kind: ParameterKind = keywordOnly ? "keyword" : "plain";
    let nameNode: SyntaxNode | undefined = first;
    if (first.name === "*") {
      if (keywordOnly) throw invalid(first);
      keywordOnly = true;
      if (second === undefined) continue;
      kind = "rest";
      nameNode = second;
    } else if (first.name === "**") {
      kind = "keywords";
      nameNode = second;
    }
    if (nameNode?.name !== "VariableName") throw invalid(first);
    const name = text.slice(nameNode.from, nameNode.to);
    if (names.has(name)) {
      throw invalid(
        nameNode,
        `duplicate argument '${name}' in function definition`,
      );
    }
    names.add(name);
    const fallback = nameNode === first && second?.name === "AssignOp" && third
      ? convert(third)
      : undefined;
    if (kind === "plain" && fallbackSeen && fallback === undefined) {
      throw invalid(
        nameNode,
        "non-default argument follows default argument",
      );
    }
    fallbackSeen ||= kind === "plain" && fallback !== undefined;
    parameters.push({ name, kind, fallback });
  }
  return parameters;
}

/** The arguments of an ArgList. */
export function convertArguments(
  list: SyntaxNode,
  text: string,
  convert: Convert,
): { args: Item[]; keywords: KeywordArgument[] } {
  const inner = innerChildren(list);
  if (inner.some(isFor)) {
    const { from, to } = list;
    return {
      args: [generatorArgument(inner, { from, to }, text, convert)],
      keywords: [],
    };
  }
  const args: Item[] = [];
  const keywords: KeywordArgument[] = [];
  for (const item of commaItems(inner)) {
    const [first, second, third] = item;
    if (first === undefined) continue;
    if (first.name === "*" && second !== undefined) {
      if (keywords.some(({ name }) => name === undefined)) {
        throw invalid(
          first,
          "iterable argument unpacking follows keyword argument unpacking",
        );
      }
      args.push({ value: convert(second), spread: true });
    } else if (first.name === "**" && second !== undefined) {
      keywords.push({ name: undefined, value: convert(second) });
    } else if (second?.name === "AssignOp" && third !== undefined) {
      const operator = text.slice(second.from, second.to);
      const name = text.slice(first.from, first.to);
      if (first.name !== "VariableName") {
        throw invalid(
          first,
          'expression cannot contain assignment, perhaps you meant "=="?',
        );
      }
      if (operator === ":=") {
        const { from } = first;
        const value = convert(third);
        const { to } = third;
        args.push({
          value: { kind: "assign", name, value, from, to },
          spread: false,
        });
      } else if (operator !== "=") {
        throw invalid(second);
      } else if (keywords.some((keyword) => keyword.name === name)) {
        throw invalid(first, `keyword argument repeated: ${name}`);
      } else keywords.push({ name, value: convert(third) });
    } else {
      if (keywords.length > 0) {
        throw invalid(
          first,
          "positional argument follows keyword argument",
        );
      }
      if (second !== undefined) throw invalid(second);
      args.push({ value: convert(first), spread: false });
    }
  }
  return { args, keywords };
}

/** `f(x for x in y)`: the generator needs no brackets of its own. */
function generatorArgument(
  inner: readonly SyntaxNode[],
  span: Span,
  text: string,
  convert: Convert,
): Item {
  if (inner.some((node) => node.name === ",") && !isTargetCommas(inner)) {
    throw new SyntaxFault("Generator expression must be parenthesized", span);
  }
  const { element, clauses } = convertClauses(inner, text, convert);
  const value: Expression = {
    kind: "comprehension",
    of: "generator",
    element: element(convert),
    value: undefined,
    clauses,
    ...span,
  };
  return { value, spread: false };
}

/** True when every comma stands between a `for` and its `in`. */
function isTargetCommas(nodes: readonly SyntaxNode[]): boolean {
  let inTarget = false;
  return nodes.every((node) => {
    if (isFor(node)) inTarget = true;
    if (node.name === "in") inTarget = false;
    return node.name !== "," || inTarget;
  });
}

function isFor(node: SyntaxNode): boolean {
  return node.name === "for";
}

/** A comprehension's element, to be converted by the caller, and its clauses. */
export function convertClauses(
  inner: readonly SyntaxNode[],
  text: string,
  convert: Convert,
): {
  element: (convert: Convert) => Expression;
  elementNodes: readonly SyntaxNode[];
  clauses: Clause[];
} {
  const asynchronous = inner.find((node) => node.name === "async");
  if (asynchronous !== undefined) throw invalid(asynchronous);
  const [elementNodes = [], ...clauseNodes] = splitAt(inner, "for");
  const clauses = clauseNodes.map((nodes) =>
    convertClause(nodes, text, convert)
  );
  return {
    clauses,
    elementNodes,
    element(convertElement) {
      const [node, extra] = elementNodes;
      if (node === undefined || extra !== undefined) {
        const place = extra ?? node ?? inner[0];
        throw new SyntaxFault("invalid syntax", place ?? { from: 0, to: 0 });
      }
      return convertElement(node);
    },
  };
}

/** What follows `for`: targets, `in`, the iterable, conditions. */
function convertClause(
  nodes: readonly SyntaxNode[],
  text: string,
  convert: Convert,
): Clause {
  const split = nodes.findIndex((node) => node.name === "in");
  const targets = nodes.slice(0, split);
  const [iterable, ...rest] = nodes.slice(split + 1);
  const [first] = targets;
  if (iterable === undefined || first === undefined || split < 0) {
    throw new SyntaxFault("invalid syntax", nodes[0] ?? { from: 0, to: 0 });
  }
  const items = commaItems(targets);
  const conditions = splitAt(rest, "if").slice(1).map(([condition, extra]) => {
    if (condition === undefined || extra !== undefined) {
      throw invalid(extra ?? iterable);
    }
    return convert(condition);
  });
  const isTuple = items.length > 1 || targets.at(-1)?.name === ",";
  return {
    target: isTuple
      ? { kind: "unpack", targets: items.map((item) => only(item, text)) }
      : convertTarget(first, text),
    iterable: convert(iterable),
    conditions,
  };
}

function only([node, extra]: SyntaxNode[], text: string): Target {
  if (node === undefined || extra !== undefined) {
    throw new SyntaxFault(
      "cannot assign to this in a comprehension",
      extra ?? { from: 0, to: 0 },
    );
  }
  return convertTarget(node, text);
}

function convertTarget(node: SyntaxNode, text: string): Target {
  switch (node.name) {
    case "VariableName":
      return { kind: "name", name: text.slice(node.from, node.to) };
    case "ParenthesizedExpression": {
      const [inner] = innerChildren(node);
      if (inner !== undefined) return convertTarget(inner, text);
      break;
    }
    case "TupleExpression":
    case "ArrayExpression":
      return {
        kind: "unpack",
        targets: commaItems(innerChildren(node)).map((item) =>
          only(item, text)
        ),
      };
  }
  throw invalid(node, "cannot assign to this in a comprehension");
}
