/** Which names a Python file binds at its top level. */
import { parser } from "@lezer/python";
import { childrenOf, splitAt, type SyntaxNode } from "../syntax_tree.ts";

/**
 * The top-level names of `text`, also those bound inside of `if`, `try` and
 * loops. Names from `import *` are not known.
 */
export function moduleNames(text: string): Set<string> {
  const names = new Set<string>();
  visit(parser.parse(text).topNode, text, names);
  return names;
}

const TARGETS: ReadonlySet<string> = new Set([
  "AssignStatement",
  "UpdateStatement",
]);

function visit(node: SyntaxNode, text: string, names: Set<string>): void {
  const textOf = (item: SyntaxNode) => text.slice(item.from, item.to);
  const children = childrenOf(node);
  if (node.name === "FunctionDefinition" || node.name === "ClassDefinition") {
    const name = children.find((child) => child.name === "VariableName");
    if (name !== undefined) names.add(textOf(name));
    return;
  }
  if (node.name === "ImportStatement") {
    addImports(children, textOf, names);
    return;
  }
  if (TARGETS.has(node.name)) {
    const sides = splitAt(children, "AssignOp");
    for (const target of sides.slice(0, -1).flat()) {
      addTargets(target, textOf, names);
    }
    return;
  }
  if (node.name === "ForStatement") {
    const end = children.findIndex((child) => child.name === "in");
    for (const target of children.slice(1, Math.max(end, 1))) {
      addTargets(target, textOf, names);
    }
  }
  if (node.name === "WithStatement" || node.name === "TryStatement") {
    children.forEach((child, index) => {
      const next = children[index + 1];
      if (child.name === "as" && next !== undefined) {
        addTargets(next, textOf, names);
      }
    });
  }
  for (const child of children) visit(child, text, names);
}

function addTargets(
  node: SyntaxNode,
  textOf: (node: SyntaxNode) => string,
  names: Set<string>,
): void {
  if (node.name === "VariableName") names.add(textOf(node));
  if (/^(?:Tuple|Array|Parenthesized)Expression$/.test(node.name)) {
    for (const child of childrenOf(node)) addTargets(child, textOf, names);
  }
}

/** `import a.b, c as d` binds a and d; `from a import b as c` binds c. */
function addImports(
  children: readonly SyntaxNode[],
  textOf: (node: SyntaxNode) => string,
  names: Set<string>,
): void {
  const isFrom = children[0]?.name === "from";
  const start = children.findIndex((child) => child.name === "import");
  for (const item of splitAt(children.slice(start + 1), ",")) {
    const parts = item.filter((child) => child.name === "VariableName");
    const alias = item.some((child) => child.name === "as");
    const name = alias || isFrom ? parts.at(-1) : parts[0];
    if (name !== undefined) names.add(textOf(name));
  }
}
