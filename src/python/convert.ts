/** Makes an {@link Expression} of the tree that @lezer/python gives. */
import type { Entry, Expression, ExpressionKind, Item } from "./ast.ts";
import {
  convertArguments,
  convertClauses,
  convertParameters,
} from "./convert_lambda.ts";
import { convertString } from "./convert_string.ts";
import { numberOf } from "./literals.ts";
import { convertOperators, isOperation } from "./precedence.ts";
import { type Span, Stop, SyntaxFault, Unsupported } from "./raised.ts";
import {
  childrenOf,
  commaItems,
  innerChildren,
  invalid,
  splitAt,
  type SyntaxNode,
} from "./syntax_tree.ts";

/** Brackets inside of each other; CPython takes 200. */
const DEEPEST = 200;

/** Converts the nodes of one text. */
export class Converter {
  readonly #text: string;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The expression of `node`, which holds no error nodes. */
  convert(node: SyntaxNode): Expression {
    if (this.#depth >= DEEPEST) {
      throw invalid(node, "too many nested parentheses");
    }
    this.#depth += 1;
    try {
      const span: Span = { from: node.from, to: node.to };
      if (isOperation(node)) {
        return convertOperators(node, this.#text, (item) => this.convert(item));
      }
      // What brackets only hold together keeps its own place.
      if (node.name === "ParenthesizedExpression") {
        return this.#single(innerChildren(node), node);
      }
      return { ...this.#kind(node), ...span };
    } catch (error) {
      if (error instanceof Stop) {
        error.span ??= { from: node.from, to: node.to };
      }
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** One item is itself; several, or one with a comma after it, are a tuple. */
  convertItems(
    items: SyntaxNode[][],
    span: Span,
    trailingComma = false,
  ): Expression {
    const [[only] = []] = items;
    if (items.length === 1 && !trailingComma && only?.name !== "*") {
      return this.#single(items[0] ?? [], span);
    }
    const { from, to } = span;
    return {
      kind: "display",
      of: "tuple",
      items: items.map((item) => this.#item(item, span)),
      from,
      to,
    };
  }

  #textOf(node: SyntaxNode): string {
    return this.#text.slice(node.from, node.to);
  }

  /** The expression of nodes that must be just one. */
  #single(nodes: readonly SyntaxNode[], span: Span): Expression {
    const [node, extra] = nodes;
    if (node !== undefined && extra === undefined) return this.convert(node);
    throw new SyntaxFault("invalid syntax", extra ?? node ?? span);
  }

  #item(nodes: readonly SyntaxNode[], span: Span): Item {
    const [first, second] = nodes;
    if (first?.name === "*" && second !== undefined) {
      return { value: this.convert(second), spread: true };
    }
    return { value: this.#single(nodes, span), spread: false };
  }

  #kind(node: SyntaxNode): ExpressionKind {
    switch (node.name) {
      case "VariableName":
        return { kind: "name", name: this.#textOf(node) };
      case "Number":
        return {
          kind: "constant",
          value: numberOf(this.#textOf(node), { from: node.from, to: node.to }),
        };
      case "Boolean":
        return { kind: "constant", value: this.#textOf(node) === "True" };
      case "None":
        return { kind: "constant", value: null };
      case "String":
      case "FormatString":
      case "ContinuedString":
        return convertString(node, {
          text: this.#text,
          convertItems: (items, span) => this.convertItems(items, span),
        });
      case "TupleExpression":
        return this.#display(node, "tuple");
      case "ArrayExpression":
        return this.#display(node, "list");
      case "SetExpression":
        return this.#display(node, "set");
      case "DictionaryExpression":
        return { kind: "dict", entries: this.#entries(node) };
      case "ArrayComprehensionExpression":
        return this.#comprehension(node, "list");
      case "SetComprehensionExpression":
        return this.#comprehension(node, "set");
      case "ComprehensionExpression":
        return this.#comprehension(node, "generator");
      case "DictionaryComprehensionExpression":
        return this.#dictComprehension(node);
      case "ConditionalExpression":
        return this.#conditional(node);
      case "LambdaExpression":
        return this.#lambda(node);
      case "CallExpression":
        return this.#call(node);
      case "MemberExpression":
        return this.#member(node);
      case "NamedExpression":
        return this.#assignment(node);
      case "AwaitExpression":
      case "YieldExpression":
      case "Ellipsis":
        throw new Unsupported(
          `${
            node.name.replace("Expression", "").toLowerCase()
          } is not supported`,
        );
    }
    throw invalid(node);
  }

  #display(node: SyntaxNode, of: "list" | "tuple" | "set"): ExpressionKind {
    const items = commaItems(innerChildren(node));
    return {
      kind: "display",
      of,
      items: items.map((item) => this.#item(item, node)),
    };
  }

  #entries(node: SyntaxNode): Entry[] {
    return commaItems(innerChildren(node)).map((nodes) => {
      const [first, second] = nodes;
      if (first?.name === "**" && second !== undefined) {
        return { key: undefined, value: this.convert(second) };
      }
      const [key = [], value = []] = splitAt(nodes, ":");
      return {
        key: this.#single(key, node),
        value: this.#single(value, node),
      };
    });
  }

  #comprehension(
    node: SyntaxNode,
    of: "list" | "set" | "generator",
  ): ExpressionKind {
    const { element, clauses } = convertClauses(
      innerChildren(node),
      this.#text,
      (item) => this.convert(item),
    );
    return {
      kind: "comprehension",
      of,
      element: element((item) => this.convert(item)),
      value: undefined,
      clauses,
    };
  }

  #dictComprehension(node: SyntaxNode): ExpressionKind {
    const { elementNodes, clauses } = convertClauses(
      innerChildren(node),
      this.#text,
      (item) => this.convert(item),
    );
    const [key = [], value = []] = splitAt(elementNodes, ":");
    return {
      kind: "comprehension",
      of: "dict",
      element: this.#single(key, node),
      value: this.#single(value, node),
      clauses,
    };
  }

  #conditional(node: SyntaxNode): ExpressionKind {
    const [yes, , test, , no] = childrenOf(node);
    if (!yes || !test || !no) throw invalid(node);
    return {
      kind: "conditional",
      test: this.convert(test),
      yes: this.convert(yes),
      no: this.convert(no),
    };
  }

  #lambda(node: SyntaxNode): ExpressionKind {
    const children = childrenOf(node);
    const list = children.find((child) => child.name === "ParamList");
    const body = children.at(-1);
    if (list === undefined || body === undefined) throw invalid(node);
    return {
      kind: "lambda",
      parameters: convertParameters(
        list,
        this.#text,
        (item) => this.convert(item),
      ),
      body: this.convert(body),
    };
  }

  #call(node: SyntaxNode): ExpressionKind {
    const [callee, list] = childrenOf(node);
    if (callee === undefined || list === undefined) throw invalid(node);
    return {
      kind: "call",
      callee: this.convert(callee),
      ...convertArguments(list, this.#text, (item) => this.convert(item)),
    };
  }

  #member(node: SyntaxNode): ExpressionKind {
    const [object, bracket, ...rest] = childrenOf(node);
    const last = rest.at(-1);
    if (object === undefined || bracket === undefined || last === undefined) {
      throw invalid(node);
    }
    const converted = this.convert(object);
    if (bracket.name === "." && bracket.from === object.to) {
      // A point right behind digits belongs to the number.
      if (/^\d[\d_]*$/.test(this.#textOf(object))) {
        throw invalid(object, "invalid decimal literal");
      }
    }
    if (bracket.name === ".") {
      return { kind: "attribute", object: converted, name: this.#textOf(last) };
    }
    const inner = rest.slice(0, -1);
    const items = commaItems(inner).map((item) => this.#index(item, node));
    const [only] = items;
    if (only === undefined) throw invalid(node);
    const { from, to } = node;
    const index: Expression = items.length === 1 && inner.at(-1)?.name !== ","
      ? only
      : {
        kind: "display",
        of: "tuple",
        items: items.map((value) => ({ value, spread: false })),
        from,
        to,
      };
    return { kind: "subscript", object: converted, index };
  }

  /** An index, or a slice. */
  #index(nodes: readonly SyntaxNode[], parent: SyntaxNode): Expression {
    const parts = splitAt(nodes, ":");
    const [first = []] = parts;
    if (parts.length === 1) return this.#single(first, parent);
    const [start, stop, step] = parts.map((part) =>
      part.length === 0 ? undefined : this.#single(part, parent)
    );
    if (parts.length > 3) throw invalid(parent);
    const { from, to } = parent;
    return { kind: "slice", start, stop, step, from, to };
  }

  #assignment(node: SyntaxNode): ExpressionKind {
    const [target, , value] = childrenOf(node);
    if (target?.name !== "VariableName" || value === undefined) {
      throw invalid(node);
    }
    return {
      kind: "assign",
      name: this.#textOf(target),
      value: this.convert(value),
    };
  }
}
