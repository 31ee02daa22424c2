/**
 * Runs a program over a subject, with backtracking as Python's `sre` does it.
 *
 * JavaScript's own regular expressions are not used: they cannot be stopped, so
 * that one unlucky pattern would hang the run for ever, and they differ in what
 * groups hold after loops, in references to groups that took no part, in case
 * and in what `\w` and `$` are.
 */
import type { Meter } from "../meter.ts";
import { isAsciiWord, isWord } from "./characters.ts";
import type { Anchor, CharacterTest } from "./nodes.ts";
import type { Instruction, Program } from "./program.ts";

/** Where a match may lie and what it must be. */
export interface Attempt {
  /** Index where it starts. */
  readonly start: number;
  /** It must reach the end of the subject. */
  readonly full?: boolean;
  /** It must not be empty. */
  readonly advance?: boolean;
}

/** The groups of a match: start and end by group number, -1 where it took no part. */
export interface Captures {
  readonly slots: readonly number[];
  /** Number of the group that closed last, 0 for none. */
  readonly lastGroup: number;
}

/** Where the machine stands: instruction and place in the subject. */
interface State {
  readonly at: number;
  readonly position: number;
}

/** A point to go back to. */
interface Choice {
  readonly at: number;
  readonly position: number;
  /** Length of the undo log to go back to. */
  readonly undo: number;
  /** For a run of characters: the furthest or nearest end still to try. */
  readonly limit: number | undefined;
}

/** The match of `program` at one place of `subject`, or undefined. */
export function matchAt(
  program: Program,
  subject: readonly number[],
  attempt: Attempt,
  meter: Meter,
): Captures | undefined {
  const machine = new Machine(program, subject, attempt, meter);
  return machine.match();
}

class Machine {
  readonly #instructions: readonly Instruction[];
  readonly #slots: number[];
  /** Counters and last positions of loops, then the last group closed. */
  readonly #registers: number[];
  /** What to put back when a choice is undone: array, index, value. */
  readonly #undo: [target: number[], index: number, value: number][] = [];
  readonly #lastGroupRegister: number;

  constructor(
    program: Program,
    readonly subject: readonly number[],
    readonly attempt: Attempt,
    readonly meter: Meter,
  ) {
    this.#instructions = program.instructions;
    this.#slots = new Array<number>((program.groups + 1) * 2).fill(-1);
    this.#lastGroupRegister = program.loops * 2;
    this.#registers = new Array<number>(program.loops * 2 + 1).fill(0);
  }

  match(): Captures | undefined {
    const { start } = this.attempt;
    const end = this.#run(0, start, true);
    if (end === undefined) return undefined;
    this.#slots[0] = start;
    this.#slots[1] = end;
    return {
      slots: this.#slots,
      lastGroup: this.#registers[this.#lastGroupRegister] ?? 0,
    };
  }

  #set(target: number[], index: number, value: number): void {
    this.#undo.push([target, index, target[index] ?? 0]);
    target[index] = value;
  }

  #undoTo(length: number): void {
    while (this.#undo.length > length) {
      const entry = this.#undo.pop();
      if (entry !== undefined) entry[0][entry[1]] = entry[2];
    }
  }

  /**
   * Runs from instruction `first` at `from` until an `accept`.
   *
   * @returns The position reached; undefined when nothing matches, and then all
   * groups are as they were.
   */
  #run(first: number, from: number, top: boolean): number | undefined {
    const choices: Choice[] = [];
    const undoFloor = this.#undo.length;
    let state: State = { at: first, position: from };
    for (;;) {
      this.meter.step();
      const instruction = this.#instructions[state.at];
      if (instruction?.op === "accept" && (!top || this.#isWanted(state))) {
        return state.position;
      }
      const next = (instruction && this.#step(instruction, state, choices)) ??
        this.#backtrack(choices);
      if (next === undefined) {
        this.#undoTo(undoFloor);
        return undefined;
      }
      state = next;
    }
  }

  #isWanted({ position }: State): boolean {
    const { start, full, advance } = this.attempt;
    if (full === true && position !== this.subject.length) return false;
    return advance !== true || position !== start;
  }

  #push(choices: Choice[], at: number, position: number, limit?: number): void {
    choices.push({ at, position, undo: this.#undo.length, limit });
  }

  /** Goes back to the last choice that leads anywhere. */
  #backtrack(choices: Choice[]): State | undefined {
    for (;;) {
      const choice = choices.pop();
      if (choice === undefined) return undefined;
      this.#undoTo(choice.undo);
      const state = this.#resume(choice, choices);
      if (state !== undefined) return state;
    }
  }

  /** Goes on from a choice; a run of characters has more than one other way. */
  #resume(choice: Choice, choices: Choice[]): State | undefined {
    const { at, position, limit } = choice;
    const run = this.#instructions[at];
    if (limit === undefined || run?.op !== "run") return { at, position };
    const lazy = run.greed === "lazy";
    const code = this.subject[position];
    if (lazy && (code === undefined || !run.test(code))) return undefined;
    const end = lazy ? position + 1 : position - 1;
    if (lazy ? end < limit : end > limit) this.#push(choices, at, end, limit);
    return { at: at + 1, position: end };
  }

  /** Carries out one instruction: where to go on, or undefined for a failure. */
  #step(
    instruction: Instruction,
    { at, position }: State,
    choices: Choice[],
  ): State | undefined {
    const next = at + 1;
    switch (instruction.op) {
      case "accept":
        return undefined;
      case "character": {
        const code = this.subject[position];
        return code !== undefined && instruction.test(code)
          ? { at: next, position: position + 1 }
          : undefined;
      }
      case "run":
        return this.#stepRun(instruction, at, position, choices);
      case "anchor":
        return this.#holds(instruction.anchor, position)
          ? { at: next, position }
          : undefined;
      case "split":
        this.#push(choices, instruction.other, position);
        return { at: next, position };
      case "jump":
        return { at: instruction.to, position };
      case "open":
        this.#set(this.#slots, instruction.group * 2, position);
        return { at: next, position };
      case "close":
        this.#set(this.#slots, instruction.group * 2 + 1, position);
        this.#set(this.#registers, this.#lastGroupRegister, instruction.group);
        return { at: next, position };
      case "reference":
        return this.#stepReference(instruction, next, position);
      case "enter":
        // A loop starts at -1 iterations, since its end is reached first.
        this.#set(this.#registers, instruction.register, -1);
        this.#set(this.#registers, instruction.register + 1, -1);
        return { at: instruction.to, position };
      case "loop":
        return this.#stepLoop(instruction, next, position, choices);
      case "atomic": {
        const end = this.#run(next, position, false);
        return end === undefined
          ? undefined
          : { at: instruction.exit, position: end };
      }
      case "look":
        return this.#stepLook(instruction, next, position);
      case "condition":
        return this.#extent(instruction.group) === undefined
          ? { at: instruction.no, position }
          : { at: next, position };
    }
  }

  #stepRun(
    run: Extract<Instruction, { op: "run" }>,
    at: number,
    position: number,
    choices: Choice[],
  ): State | undefined {
    const { min, max, greed } = run;
    const least = this.#countRun(run.test, position, min);
    if (least < min) return undefined;
    const near = position + min;
    if (greed === "lazy") {
      if (max > min) this.#push(choices, at, near, position + max);
      return { at: at + 1, position: near };
    }
    const far = near + this.#countRun(run.test, near, max - min);
    if (greed === "greedy" && far > near) {
      // Resuming takes one less than what is noted.
      this.#push(choices, at, far, near);
    }
    return { at: at + 1, position: far };
  }

  #countRun(test: CharacterTest, from: number, most: number): number {
    let count = 0;
    for (;;) {
      const code = this.subject[from + count];
      if (count >= most || code === undefined || !test(code)) break;
      count += 1;
    }
    this.meter.step(count);
    return count;
  }

  /** Where a group matched; undefined when it took no part, or was opened again. */
  #extent(group: number): { start: number; end: number } | undefined {
    const start = this.#slots[group * 2] ?? -1;
    const end = this.#slots[group * 2 + 1] ?? -1;
    return start < 0 || end < start ? undefined : { start, end };
  }

  #stepReference(
    instruction: Extract<Instruction, { op: "reference" }>,
    next: number,
    position: number,
  ): State | undefined {
    const { group, fold } = instruction;
    // A group that took no part matches nothing, not even emptiness.
    const extent = this.#extent(group);
    if (extent === undefined) return undefined;
    const { start, end } = extent;
    this.meter.step(end - start);
    for (let index = 0; index < end - start; index += 1) {
      const wanted = this.subject[start + index];
      const code = this.subject[position + index];
      if (wanted === undefined || code === undefined) return undefined;
      if (fold(wanted) !== fold(code)) return undefined;
    }
    return { at: next, position: position + end - start };
  }

  /** The end of a loop's body, and also its start (see `sre`'s MAX_UNTIL). */
  #stepLoop(
    loop: Extract<Instruction, { op: "loop" }>,
    next: number,
    position: number,
    choices: Choice[],
  ): State {
    const { register, min, max, lazy, body } = loop;
    const count = (this.#registers[register] ?? 0) + 1;
    const lastPosition = this.#registers[register + 1];
    this.#set(this.#registers, register, count);
    if (count < min) return { at: body, position };
    // A body that took nothing would take nothing for ever.
    const more = count < max && lastPosition !== position;
    if (!more) return { at: next, position };
    this.#set(this.#registers, register + 1, position);
    this.#push(choices, lazy ? body : next, position);
    return { at: lazy ? next : body, position };
  }

  #stepLook(
    look: Extract<Instruction, { op: "look" }>,
    next: number,
    position: number,
  ): State | undefined {
    const undo = this.#undo.length;
    const from = position - look.back;
    const found = from >= 0 && this.#run(next, from, false) !== undefined;
    if (found && look.negative) this.#undoTo(undo);
    return found === look.negative ? undefined : { at: look.exit, position };
  }

  #holds(anchor: Anchor, position: number): boolean {
    const { subject } = this;
    switch (anchor) {
      case "start":
        return position === 0;
      case "end":
        return position === subject.length;
      case "beforeFinalNewline":
        return position === subject.length ||
          position === subject.length - 1 && subject[position] === 10;
      case "lineStart":
        return position === 0 || subject[position - 1] === 10;
      case "lineEnd":
        return position === subject.length || subject[position] === 10;
      case "wordEdge":
        return this.#isEdge(position, isWord);
      case "notWordEdge":
        return this.subject.length > 0 && !this.#isEdge(position, isWord);
      case "asciiWordEdge":
        return this.#isEdge(position, isAsciiWord);
      case "notAsciiWordEdge":
        return this.subject.length > 0 && !this.#isEdge(position, isAsciiWord);
    }
  }

  #isEdge(position: number, test: CharacterTest): boolean {
    const before = this.subject[position - 1];
    const after = this.subject[position];
    return (before !== undefined && test(before)) !==
      (after !== undefined && test(after));
  }
}
