/** Evaluates many expressions in one process of CPython. */
import { PYTHON } from "./support_python.ts";

/** An expression and the values that its name `n` takes. */
export interface Question {
  readonly text: string;
  readonly names: readonly string[];
}

/** What an expression gave for one name: a value's text, or an exception. */
export type Answer =
  | { readonly value: string }
  | { readonly raised: string };

/**
 * Reads questions from standard input, writes for each a list of answers. Sets
 * are written in order, since their own has no meaning.
 */
const PROGRAM = String.raw`
import json, re, sys, warnings, functools
warnings.simplefilter('ignore')
sys.setrecursionlimit(4000)

def canonical(value):
    if isinstance(value, (set, frozenset)):
        return type(value).__name__ + '{' + ', '.join(sorted(map(canonical, value))) + '}'
    if type(value) is list:
        return '[' + ', '.join(map(canonical, value)) + ']'
    if type(value) is tuple:
        return '(' + ', '.join(map(canonical, value)) + ')'
    if type(value) is dict:
        return '{' + ', '.join(canonical(k) + ': ' + canonical(v) for k, v in value.items()) + '}'
    if isinstance(value, re.Match):
        return 'match ' + canonical([value.span(i) for i in range(value.re.groups + 1)]) + ' %s %s' % (value.lastindex, value.lastgroup)
    if isinstance(value, re.RegexFlag):
        value = int(value)
    if hasattr(value, '__next__') or type(value).__name__.startswith('dict_'):
        return canonical(list(value))
    if isinstance(value, (str, bytes, int, float, bool, range, type(None))):
        return ascii(value)
    return 'a ' + type(value).__name__

def ask(text, n):
    try:
        return {'value': canonical(eval(text, {'re': re, 'n': n}))}
    except RecursionError:
        return {'raised': 'RecursionError'}
    except Exception as error:
        return {'raised': type(error).__name__}

questions = json.load(sys.stdin)
json.dump([[ask(q['text'], n) for n in q['names']] for q in questions], sys.stdout)
`;

/** The answers of CPython, in the order of the questions. */
export async function askPython(
  questions: readonly Question[],
): Promise<readonly (readonly Answer[])[]> {
  if (PYTHON === undefined) throw new Error("There is no python3");
  const child = new Deno.Command(PYTHON, {
    args: ["-c", PROGRAM],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const writer = child.stdin.getWriter();
  const sent = writer.write(new TextEncoder().encode(JSON.stringify(questions)))
    .then(() => writer.close());
  const { stdout } = await child.output();
  await sent;
  return JSON.parse(new TextDecoder().decode(stdout));
}
