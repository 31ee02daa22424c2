/** A parsed regular expression. */

/** Decides whether a pattern's item takes a character, given by code point. */
export type CharacterTest = (code: number) => boolean;

/** The zero-width positions. */
export type Anchor =
  | "start"
  | "end"
  | "beforeFinalNewline"
  | "lineStart"
  | "lineEnd"
  | "wordEdge"
  | "notWordEdge"
  | "asciiWordEdge"
  | "notAsciiWordEdge";

/** How a repetition chooses: as much, as little, or as much and for good. */
export type Greed = "greedy" | "lazy" | "possessive";

/** One construct of a pattern. Groups count from 1. */
export type Node =
  | { readonly kind: "character"; readonly test: CharacterTest }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | {
    readonly kind: "repeat";
    readonly body: Node;
    readonly min: number;
    readonly max: number;
    readonly greed: Greed;
  }
  | { readonly kind: "group"; readonly index: number; readonly body: Node }
  | { readonly kind: "atomic"; readonly body: Node }
  | {
    readonly kind: "reference";
    readonly group: number;
    /** Maps two characters that count as the same to one. */
    readonly fold: (code: number) => number;
  }
  | { readonly kind: "anchor"; readonly anchor: Anchor }
  | {
    readonly kind: "look";
    /** How far before the position the body starts: its width, or 0 to look ahead. */
    readonly back: number;
    readonly negative: boolean;
    readonly body: Node;
  }
  | {
    readonly kind: "condition";
    readonly group: number;
    readonly yes: Node;
    readonly no: Node;
  };

/** Fewest and most characters that a node can take. */
export interface Width {
  readonly min: number;
  readonly max: number;
}

/** What `node` can take; `groups` are the nodes of the groups by number. */
export function widthOf(node: Node, groups: ReadonlyMap<number, Width>): Width {
  switch (node.kind) {
    case "character":
      return { min: 1, max: 1 };
    case "anchor":
    case "look":
      return { min: 0, max: 0 };
    case "sequence":
      return node.items.map((item) => widthOf(item, groups)).reduce(
        (sum, width) => ({
          min: sum.min + width.min,
          max: sum.max + width.max,
        }),
        { min: 0, max: 0 },
      );
    case "choice":
      return either(node.options.map((option) => widthOf(option, groups)));
    case "condition":
      return either([widthOf(node.yes, groups), widthOf(node.no, groups)]);
    case "repeat": {
      const body = widthOf(node.body, groups);
      const max = body.max === 0 || node.max === 0 ? 0 : body.max * node.max;
      return { min: body.min * node.min, max };
    }
    case "group":
    case "atomic":
      return widthOf(node.body, groups);
    case "reference":
      return groups.get(node.group) ?? { min: 0, max: Infinity };
  }
}

function either(widths: readonly Width[]): Width {
  return {
    min: Math.min(...widths.map((width) => width.min)),
    max: Math.max(...widths.map((width) => width.max)),
  };
}
