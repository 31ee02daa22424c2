/** What Python 2 had and Python 3 has not, and what to write instead. */

const NAMES: ReadonlyMap<string, string> = new Map([
  ["unicode", "Every str is Unicode in Python 3: leave out unicode()"],
  ["basestring", "Write str instead of basestring"],
  ["unichr", "Write chr() instead of unichr()"],
  ["xrange", "Write range() instead of xrange()"],
  ["raw_input", "Write input() instead of raw_input()"],
  ["long", "Write int instead of long"],
  ["reduce", "Write __import__('functools').reduce(...) instead of reduce()"],
  ["apply", "Call the function itself instead of apply()"],
  ["execfile", "Put the code into a pythonfile"],
  [
    "string",
    "The functions of module string are methods in Python 3: " +
    "text.replace(old, new) instead of string.replace(text, old, new)",
  ],
  [
    "commands",
    "Write subprocess.getoutput(...) in a function of the pythonfile " +
    "instead of commands.getoutput(...)",
  ],
]);

const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["has_key", "Write `key in dict` instead of dict.has_key(key)"],
  ["iteritems", "Write items() instead of iteritems()"],
  ["iterkeys", "Write keys() instead of iterkeys()"],
  ["itervalues", "Write values() instead of itervalues()"],
  ["viewitems", "Write items() instead of viewitems()"],
  ["getoutput", "Write subprocess.getoutput(...) in the pythonfile"],
  ["decode", "A str is text already in Python 3: leave out .decode(...)"],
]);

/** The hint for a name that Python 3 does not have. */
export function nameHint(name: string): string | undefined {
  return NAMES.get(name);
}

/** The hint for an attribute that values of Python 3 do not have. */
export function attributeHint(name: string): string | undefined {
  return ATTRIBUTES.get(name);
}

const SYNTAX: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/^\s*print\b(?!\s*\()/, "print is a function in Python 3: print(x)"],
  [/^\s*exec\b(?!\s*\()/, "exec is a function in Python 3: exec(x)"],
  [/<>/, "Write != instead of <>"],
  [/`/, "Write repr(x) instead of `x`"],
  [/\bur['"]/i, "Write r'...' instead of ur'...'"],
  [/\b\d+[lL]\b/, "Write 1 instead of 1L"],
  [/\b0\d+\b/, "Write 0o17 instead of 017"],
  [
    /\blambda\s*\(/,
    "lambda takes no tuple in Python 3: lambda pair: pair[0] instead of " +
    "lambda (a, b): a",
  ],
];

/** The hint for text that only Python 2 could read. */
export function syntaxHint(text: string): string | undefined {
  return SYNTAX.find(([pattern]) => pattern.test(text))?.[1];
}
