/** Compares our evaluation of expressions with that of CPython. */
import { Dict, DictView, PySet } from "../../../src/python/collections.ts";
import { Evaluator } from "../../../src/python/evaluate.ts";
import { listOf } from "../../../src/python/iterate.ts";
import { Meter } from "../../../src/python/meter.ts";
import { parseExpression } from "../../../src/python/parse.ts";
import { PythonError } from "../../../src/python/python_error.ts";
import { Match } from "../../../src/python/re/match_object.ts";
import { RE_MODULE } from "../../../src/python/re/module.ts";
import { asciiRepr } from "../../../src/python/repr.ts";
import { placed } from "../../../src/python/stop.ts";
import {
  Iter,
  PyObject,
  Range,
  type Runtime,
  Tuple,
  typeName,
  type Value,
} from "../../../src/python/values.ts";
import { type Answer, askPython, type Question } from "./cpython.ts";
import { sourceOf } from "./support.ts";

/** A value as the program for CPython writes it. */
function canonical(value: Value, runtime: Runtime): string {
  const all = (items: Iterable<Value>) =>
    Array.from(items, (item) => canonical(item, runtime));
  if (value instanceof PySet) {
    return `${value.typeName}{${all(value.members()).sort().join(", ")}}`;
  }
  if (Array.isArray(value)) return `[${all(value).join(", ")}]`;
  if (value instanceof Tuple) return `(${all(value.items).join(", ")})`;
  if (value instanceof Dict) {
    const entries = Array.from(
      value.entries(),
      (entry) => all(entry).join(": "),
    );
    return `{${entries.join(", ")}}`;
  }
  if (value instanceof Match) {
    const spans = Array.from(
      { length: value.pattern.groups + 1 },
      (_, group) => new Tuple(value.span(group).map(BigInt)),
    );
    const last = value.captures.lastGroup || "None";
    return `match ${canonical(spans, runtime)} ${last} ${
      value.lastGroupName ?? "None"
    }`;
  }
  if (value instanceof Iter || value instanceof DictView) {
    return canonical(listOf(value, runtime), runtime);
  }
  if (value instanceof PyObject && !(value instanceof Range)) {
    return `a ${typeName(value)}`;
  }
  return asciiRepr(value);
}

/** What happened here: an answer, or that we do not do it. */
export type OwnAnswer = Answer | { readonly refused: string };

/** Our own answer to one question for one name. */
export function askOurselves(text: string, name: string): OwnAnswer {
  const names = new Map<string, Value>([["re", RE_MODULE], ["n", name]]);
  const evaluator = new Evaluator({ names, host: undefined }, new Meter());
  try {
    return {
      value: placed(
        sourceOf(text),
        () => canonical(evaluator.run(parseExpression(text)), evaluator),
      ),
    };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    if (error.code === "python.raised") {
      return { raised: error.exception ?? "" };
    }
    if (error.code === "python.syntax") return { raised: "SyntaxError" };
    return { refused: error.message };
  }
}

/** A question that was answered differently. */
export interface Difference {
  readonly text: string;
  readonly name: string;
  readonly ours: OwnAnswer;
  readonly theirs: Answer;
}

/** What a comparison found. */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly answered: number;
  readonly raised: number;
  readonly refused: readonly string[];
}

/** Asks both. */
export async function compareAnswers(
  questions: readonly Question[],
): Promise<Comparison> {
  const answers = await askPython(questions);
  const differences: Difference[] = [];
  const refused: string[] = [];
  let answered = 0;
  let raised = 0;
  questions.forEach(({ text, names }, index) => {
    names.forEach((name, place) => {
      const theirs = answers[index]?.[place] ?? { raised: "nothing" };
      const ours = askOurselves(text, name);
      if ("refused" in ours) refused.push(`${text}: ${ours.refused}`);
      else if (isSame(ours, theirs)) answered += 1;
      else differences.push({ text, name, ours, theirs });
      if ("raised" in theirs) raised += 1;
    });
  });
  return { differences, answered, raised, refused };
}

function isSame(ours: Answer, theirs: Answer): boolean {
  if ("value" in ours) return "value" in theirs && ours.value === theirs.value;
  return "raised" in theirs;
}
