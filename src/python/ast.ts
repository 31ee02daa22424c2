/** The expressions that can be evaluated, as a tree. */
import type { CompareOperator } from "./compare.ts";
import type { BinaryOperator, UnaryOperator } from "./operators.ts";
import type { Span } from "./raised.ts";
import type { Value } from "./values.ts";

/** An expression with its place in the text. */
export type Expression = Span & ExpressionKind;

/** An item of a display or an argument; `*x` when `spread`. */
export interface Item {
  readonly value: Expression;
  readonly spread: boolean;
}

/** An entry of a dict; without a key it is `**value`. */
export interface Entry {
  readonly key: Expression | undefined;
  readonly value: Expression;
}

/** An argument by name; without a name it is `**value`. */
export interface KeywordArgument {
  readonly name: string | undefined;
  readonly value: Expression;
}

/** What `for` assigns to. */
export type Target =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "unpack"; readonly targets: readonly Target[] };

/** `for target in iterable if condition…` */
export interface Clause {
  readonly target: Target;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

/** How a parameter takes its argument. */
export type ParameterKind = "plain" | "keyword" | "rest" | "keywords";

/** A parameter of a lambda. */
export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly fallback: Expression | undefined;
}

/** A piece of an f-string: text, or a field. */
export type StringPart = string | {
  readonly value: Expression;
  /** `r`, `s`, `a` or empty. */
  readonly conversion: string;
  readonly spec: readonly StringPart[];
};

/** What an expression is. */
export type ExpressionKind =
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "text"; readonly parts: readonly StringPart[] }
  | {
    readonly kind: "display";
    readonly of: "list" | "tuple" | "set";
    readonly items: readonly Item[];
  }
  | { readonly kind: "dict"; readonly entries: readonly Entry[] }
  | {
    readonly kind: "comprehension";
    readonly of: "list" | "set" | "generator" | "dict";
    readonly element: Expression;
    /** The value of a dict's entry; `element` is its key then. */
    readonly value: Expression | undefined;
    readonly clauses: readonly Clause[];
  }
  | {
    readonly kind: "unary";
    readonly operator: UnaryOperator;
    readonly operand: Expression;
  }
  | {
    readonly kind: "binary";
    readonly operator: BinaryOperator;
    readonly left: Expression;
    readonly right: Expression;
  }
  | {
    readonly kind: "logical";
    readonly operator: "and" | "or";
    readonly left: Expression;
    readonly right: Expression;
  }
  | {
    readonly kind: "compare";
    readonly first: Expression;
    readonly rest: readonly {
      readonly operator: CompareOperator;
      readonly operand: Expression;
    }[];
  }
  | {
    readonly kind: "conditional";
    readonly test: Expression;
    readonly yes: Expression;
    readonly no: Expression;
  }
  | {
    readonly kind: "lambda";
    readonly parameters: readonly Parameter[];
    readonly body: Expression;
  }
  | {
    readonly kind: "call";
    readonly callee: Expression;
    readonly args: readonly Item[];
    readonly keywords: readonly KeywordArgument[];
  }
  | {
    readonly kind: "attribute";
    readonly object: Expression;
    readonly name: string;
  }
  | {
    readonly kind: "subscript";
    readonly object: Expression;
    readonly index: Expression;
  }
  | {
    readonly kind: "slice";
    readonly start: Expression | undefined;
    readonly stop: Expression | undefined;
    readonly step: Expression | undefined;
  }
  | {
    readonly kind: "assign";
    readonly name: string;
    readonly value: Expression;
  };
