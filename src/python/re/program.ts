/** Makes a list of instructions of a parsed pattern. */
import type { Anchor, CharacterTest, Greed, Node } from "./nodes.ts";

/** One instruction; numbers named `next`, `exit`… are indexes of instructions. */
export type Instruction =
  | { readonly op: "character"; readonly test: CharacterTest }
  /** Repeats one character test without a choice point for each. */
  | {
    readonly op: "run";
    readonly test: CharacterTest;
    readonly min: number;
    readonly max: number;
    readonly greed: Greed;
  }
  | { readonly op: "anchor"; readonly anchor: Anchor }
  /** Tries the next instruction, then the one at `other`. */
  | { readonly op: "split"; other: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "open"; readonly group: number }
  | { readonly op: "close"; readonly group: number }
  | {
    readonly op: "reference";
    readonly group: number;
    readonly fold: (code: number) => number;
  }
  /** Starts counting the loop whose `loop` instruction follows at `to`. */
  | { readonly op: "enter"; readonly register: number; to: number }
  | {
    readonly op: "loop";
    readonly register: number;
    readonly min: number;
    readonly max: number;
    readonly lazy: boolean;
    readonly body: number;
  }
  /** Matches what follows up to `accept` for itself, then goes on at `exit`. */
  | { readonly op: "atomic"; exit: number }
  | {
    readonly op: "look";
    readonly negative: boolean;
    /** How far to step back first. */
    readonly back: number;
    exit: number;
  }
  | { readonly op: "condition"; readonly group: number; no: number }
  | { readonly op: "accept" };

/** A pattern that can be run. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** Loop counters: each takes two registers, count and last position. */
  readonly loops: number;
  readonly groups: number;
}

/** Instructions of `node`, ending in `accept`. */
export function compileProgram(node: Node, groups: number): Program {
  const instructions: Instruction[] = [];
  let loops = 0;

  function emit<T extends Instruction>(instruction: T): T {
    instructions.push(instruction);
    return instruction;
  }

  function emitAll(nodes: readonly Node[]): void {
    for (const item of nodes) emitNode(item);
  }

  function emitNode(node: Node): void {
    switch (node.kind) {
      case "character":
        emit({ op: "character", test: node.test });
        return;
      case "anchor":
        emit({ op: "anchor", anchor: node.anchor });
        return;
      case "sequence":
        emitAll(node.items);
        return;
      case "choice":
        emitChoice(node.options);
        return;
      case "group":
        emit({ op: "open", group: node.index });
        emitNode(node.body);
        emit({ op: "close", group: node.index });
        return;
      case "reference":
        emit({ op: "reference", group: node.group, fold: node.fold });
        return;
      case "atomic":
        emitAtomic(() => emitNode(node.body));
        return;
      case "look":
        emitLook(node);
        return;
      case "condition":
        emitCondition(node);
        return;
      case "repeat":
        emitRepeat(node);
        return;
      default:
        node satisfies never;
    }
  }

  function emitChoice(options: readonly Node[]): void {
    const jumps: { to: number }[] = [];
    options.forEach((option, index) => {
      if (index === options.length - 1) {
        emitNode(option);
        return;
      }
      const split = emit({ op: "split", other: 0 });
      emitNode(option);
      jumps.push(emit({ op: "jump", to: 0 }));
      split.other = instructions.length;
    });
    for (const jump of jumps) jump.to = instructions.length;
  }

  function emitAtomic(body: () => void): void {
    const atomic = emit({ op: "atomic", exit: 0 });
    body();
    emit({ op: "accept" });
    atomic.exit = instructions.length;
  }

  function emitLook(node: Extract<Node, { kind: "look" }>): void {
    const { back } = node;
    const look = emit({ op: "look", negative: node.negative, back, exit: 0 });
    emitNode(node.body);
    emit({ op: "accept" });
    look.exit = instructions.length;
  }

  function emitCondition(node: Extract<Node, { kind: "condition" }>): void {
    const condition = emit({ op: "condition", group: node.group, no: 0 });
    emitNode(node.yes);
    const jump = emit({ op: "jump", to: 0 });
    condition.no = instructions.length;
    emitNode(node.no);
    jump.to = instructions.length;
  }

  function emitRepeat(node: Extract<Node, { kind: "repeat" }>): void {
    const { body, min, max, greed } = node;
    if (body.kind === "character") {
      emit({ op: "run", test: body.test, min, max, greed });
      return;
    }
    if (greed === "possessive") {
      emitAtomic(() => emitRepeat({ ...node, greed: "greedy" }));
      return;
    }
    const register = loops * 2;
    loops += 1;
    const enter = emit({ op: "enter", register, to: 0 });
    const start = instructions.length;
    emitNode(body);
    enter.to = instructions.length;
    const lazy = greed === "lazy";
    emit({ op: "loop", register, min, max, lazy, body: start });
  }

  emitNode(node);
  emit({ op: "accept" });
  return { instructions, loops, groups };
}
