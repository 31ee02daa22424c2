/** Evaluates an expression by walking its tree. */
import type {
  Clause,
  Expression,
  ExpressionKind,
  Item,
  KeywordArgument,
  StringPart,
  Target,
} from "./ast.ts";
import { attributeOf } from "./attributes.ts";
import { BUILTINS, MISSING_BUILTINS } from "./builtins.ts";
import { Dict, PySet } from "./collections.ts";
import { holds } from "./compare.ts";
import { convertValue } from "./format_text.ts";
import { formatValue } from "./format_spec.ts";
import type { PythonHost } from "./host.ts";
import { isIterable, isTrue, iterate, listOf } from "./iterate.ts";
import { bindParameters } from "./lambda.ts";
import { nameHint } from "./legacy.ts";
import type { Meter } from "./meter.ts";
import { applyBinary, applyUnary } from "./operators.ts";
import { Raised, Stop, typeError, Unsupported, valueError } from "./raised.ts";
import { Scope } from "./scope.ts";
import { itemOf } from "./slice.ts";
import {
  Callable,
  Iter,
  type Keywords,
  NO_KEYWORDS,
  type Runtime,
  Slice,
  Tuple,
  Type,
  typeName,
  type Value,
} from "./values.ts";

/** What an evaluation can see beside the builtins. */
export interface Surroundings {
  /** Names such as `re`. */
  readonly names: ReadonlyMap<string, Value>;
  readonly host: PythonHost | undefined;
}

type Kind<K extends ExpressionKind["kind"]> = Extract<
  ExpressionKind,
  { kind: K }
>;

/** Evaluates expressions and calls what comes out of them. */
export class Evaluator implements Runtime {
  /** What the current call may use; set anew for each by its owner. */
  meter: Meter;
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings, meter: Meter) {
    this.#surroundings = surroundings;
    this.meter = meter;
  }

  get host(): PythonHost | undefined {
    return this.#surroundings.host;
  }

  /** The value of a whole expression, with variables of its own. */
  run(expression: Expression): Value {
    return this.#evaluate(expression, new Scope(undefined, false));
  }

  call(
    callee: Value,
    args: readonly Value[],
    keywords: Keywords = NO_KEYWORDS,
  ): Value {
    this.meter.step();
    if (callee instanceof Callable) return callee.invoke(args, keywords, this);
    if (callee instanceof Type) return callee.construct(args, keywords, this);
    throw typeError(`'${typeName(callee)}' object is not callable`);
  }

  attribute(value: Value, name: string): Value {
    return attributeOf(value, name);
  }

  item(value: Value, index: Value): Value {
    return itemOf(value, index);
  }

  #evaluate(expression: Expression, scope: Scope): Value {
    this.meter.step();
    try {
      return this.#value(expression, scope);
    } catch (error) {
      // The innermost construct is the first to see the error.
      if (error instanceof Stop) {
        error.span ??= { from: expression.from, to: expression.to };
      }
      throw error;
    }
  }

  #value(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case "constant":
        return expression.value;
      case "name":
        return this.#name(expression.name, scope);
      case "text":
        return this.#text(expression.parts, scope);
      case "display":
        return this.#display(expression, scope);
      case "dict":
        return this.#dict(expression, scope);
      case "comprehension":
        return this.#comprehension(expression, scope);
      case "unary": {
        const operand = this.#evaluate(expression.operand, scope);
        if (expression.operator === "not") return !isTrue(operand);
        return applyUnary(expression.operator, operand);
      }
      case "binary": {
        const left = this.#evaluate(expression.left, scope);
        const right = this.#evaluate(expression.right, scope);
        return applyBinary(expression.operator, left, right, this);
      }
      case "logical": {
        const left = this.#evaluate(expression.left, scope);
        return isTrue(left) === (expression.operator === "or")
          ? left
          : this.#evaluate(expression.right, scope);
      }
      case "compare":
        return this.#compare(expression, scope);
      case "conditional": {
        const test = isTrue(this.#evaluate(expression.test, scope));
        return this.#evaluate(test ? expression.yes : expression.no, scope);
      }
      case "lambda":
        return this.#lambda(expression, scope);
      case "call":
        return this.#call(expression, scope);
      case "attribute":
        return attributeOf(
          this.#evaluate(expression.object, scope),
          expression.name,
        );
      case "subscript":
        return itemOf(
          this.#evaluate(expression.object, scope),
          this.#evaluate(expression.index, scope),
        );
      case "slice": {
        const part = (item: Expression | undefined): Value =>
          item === undefined ? null : this.#evaluate(item, scope);
        return new Slice(
          part(expression.start),
          part(expression.stop),
          part(expression.step),
        );
      }
      case "assign": {
        const value = this.#evaluate(expression.value, scope);
        scope.assign(expression.name, value);
        return value;
      }
    }
  }

  #name(name: string, scope: Scope): Value {
    const value = this.#find(name, scope);
    if (value !== undefined) return value;
    if (
      MISSING_BUILTINS.has(name) ||
      /^[A-Z]\w*(?:Error|Exception|Warning)$/.test(name)
    ) {
      throw new Unsupported(`the builtin '${name}' is not supported`);
    }
    throw new Raised(
      "NameError",
      `name '${name}' is not defined`,
      nameHint(name),
    );
  }

  /** Looks a name up from the inside out. */
  #find(name: string, scope: Scope): Value | undefined {
    // null is None, a value; only undefined means that the name is not there.
    const own = scope.find(name);
    if (own !== undefined) return own;
    const given = this.#surroundings.names.get(name);
    return given === undefined ? BUILTINS.get(name) : given;
  }

  #text(parts: readonly StringPart[], scope: Scope): string {
    let text = "";
    for (const part of parts) {
      if (typeof part === "string") {
        text += part;
        continue;
      }
      const value = this.#evaluate(part.value, scope);
      const converted = convertValue(value, part.conversion);
      text += formatValue(converted, this.#text(part.spec, scope), this.meter);
      this.meter.text(text.length);
    }
    return text;
  }

  #items(items: readonly Item[], scope: Scope): Value[] {
    const values: Value[] = [];
    for (const { value, spread } of items) {
      const item = this.#evaluate(value, scope);
      if (spread) {
        for (const inner of iterate(item, this)) values.push(inner);
      } else values.push(item);
    }
    return values;
  }

  #display({ of, items }: Kind<"display">, scope: Scope): Value {
    const values = this.#items(items, scope);
    if (of === "list") return values;
    return of === "tuple" ? new Tuple(values) : new PySet(values);
  }

  #dict({ entries }: Kind<"dict">, scope: Scope): Dict {
    const dict = new Dict();
    for (const entry of entries) {
      if (entry.key !== undefined) {
        const key = this.#evaluate(entry.key, scope);
        dict.set(key, this.#evaluate(entry.value, scope));
        continue;
      }
      const other = this.#evaluate(entry.value, scope);
      if (!(other instanceof Dict)) {
        throw typeError(`'${typeName(other)}' object is not a mapping`);
      }
      for (const [key, value] of other.entries()) dict.set(key, value);
    }
    return dict;
  }

  #compare({ first, rest }: Kind<"compare">, scope: Scope): boolean {
    let left = this.#evaluate(first, scope);
    for (const { operator, operand } of rest) {
      const right = this.#evaluate(operand, scope);
      if (!holds(operator, left, right, this)) return false;
      left = right;
    }
    return true;
  }

  #lambda({ parameters, body }: Kind<"lambda">, scope: Scope): Callable {
    const fallbacks = new Map<string, Value>();
    for (const { name, fallback } of parameters) {
      if (fallback === undefined) continue;
      fallbacks.set(name, this.#evaluate(fallback, scope));
    }
    return new Callable(
      "<lambda>",
      (args, keywords) =>
        this.meter.nested(() => {
          const inner = new Scope(scope, false);
          const bound = bindParameters(parameters, fallbacks, args, keywords);
          for (const [name, value] of bound) inner.set(name, value);
          return this.#evaluate(body, inner);
        }),
      "function",
    );
  }

  #call({ callee, args, keywords }: Kind<"call">, scope: Scope): Value {
    const called = this.#evaluate(callee, scope);
    const values = this.#items(args, scope);
    return this.call(called, values, this.#keywords(keywords, scope));
  }

  #keywords(keywords: readonly KeywordArgument[], scope: Scope): Keywords {
    if (keywords.length === 0) return NO_KEYWORDS;
    const named = new Map<string, Value>();
    const add = (name: Value, value: Value) => {
      if (typeof name !== "string") throw typeError("keywords must be strings");
      if (named.has(name)) {
        throw typeError(`got multiple values for keyword argument '${name}'`);
      }
      named.set(name, value);
    };
    for (const { name, value } of keywords) {
      const item = this.#evaluate(value, scope);
      if (name !== undefined) add(name, item);
      else if (item instanceof Dict) {
        for (const [key, inner] of item.entries()) add(key, inner);
      } else throw typeError("argument after ** must be a mapping");
    }
    return named;
  }

  #comprehension(expression: Kind<"comprehension">, scope: Scope): Value {
    const { of, element, value, clauses } = expression;
    const [first] = clauses;
    if (first === undefined) throw new Unsupported("an empty comprehension");
    // The first iterable belongs to the surroundings, and at once.
    const source = this.#evaluate(first.iterable, scope);
    const items = iterate(source, this);
    const inner = new Scope(scope, true);
    if (of === "generator") {
      if (!isIterable(source)) items.next();
      return new Iter(
        "generator",
        this.#generate(element, clauses, items, inner),
      );
    }
    if (of === "dict" && value !== undefined) {
      const dict = new Dict();
      for (const _ of this.#loop(clauses, 0, items, inner)) {
        const key = this.#evaluate(element, inner);
        dict.set(key, this.#evaluate(value, inner));
      }
      return dict;
    }
    const values: Value[] = [];
    for (const _ of this.#loop(clauses, 0, items, inner)) {
      values.push(this.#evaluate(element, inner));
    }
    return of === "set" ? new PySet(values) : values;
  }

  *#generate(
    element: Expression,
    clauses: readonly Clause[],
    items: Iterable<Value>,
    scope: Scope,
  ): Generator<Value, undefined> {
    for (const _ of this.#loop(clauses, 0, items, scope)) {
      yield this.#evaluate(element, scope);
    }
  }

  /** Yields once for each round of the clauses from `index` on. */
  *#loop(
    clauses: readonly Clause[],
    index: number,
    items: Iterable<Value>,
    scope: Scope,
  ): Generator<undefined, undefined> {
    const clause = clauses[index];
    if (clause === undefined) return;
    for (const item of items) {
      this.#assign(clause.target, item, scope);
      const passes = clause.conditions.every((condition) =>
        isTrue(this.#evaluate(condition, scope))
      );
      if (!passes) continue;
      const next = clauses[index + 1];
      if (next === undefined) yield;
      else {
        const inner = iterate(this.#evaluate(next.iterable, scope), this);
        yield* this.#loop(clauses, index + 1, inner, scope);
      }
    }
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.kind === "name") {
      scope.set(target.name, value);
      return;
    }
    const values = listOf(value, this);
    const wanted = target.targets.length;
    if (values.length !== wanted) {
      throw valueError(
        values.length > wanted
          ? `too many values to unpack (expected ${wanted})`
          : `not enough values to unpack (expected ${wanted}, got ${values.length})`,
      );
    }
    target.targets.forEach((inner, index) =>
      this.#assign(inner, values[index] ?? null, scope)
    );
  }
}
