/** Small helpers for reading the tree that @lezer/python gives. */
import type { SyntaxNode } from "@lezer/common";
import { SyntaxFault } from "./raised.ts";

export type { SyntaxNode };

/** The children of `node`, punctuation too, comments not. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "Comment") children.push(child);
  }
  return children;
}

/** The children between a node's brackets. */
export function innerChildren(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).slice(1, -1);
}

/** `nodes` cut at each node named `separator`. */
export function splitAt(
  nodes: readonly SyntaxNode[],
  separator: string,
): SyntaxNode[][] {
  const groups: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === separator) groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups;
}

/**
 * The items of a list with commas, without the empty one after a last comma.
 *
 * @throws {SyntaxFault} For two commas in a row.
 */
export function commaItems(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const items = splitAt(nodes, ",");
  if (items.at(-1)?.length === 0) items.pop();
  const [first] = nodes;
  if (first !== undefined && items.some((item) => item.length === 0)) {
    throw new SyntaxFault("invalid syntax", first);
  }
  return items;
}

/** The error of text that the grammar lets pass and Python does not. */
export function invalid(
  node: SyntaxNode,
  text = "invalid syntax",
  hint?: string,
): SyntaxFault {
  return new SyntaxFault(text, { from: node.from, to: node.to }, hint);
}
