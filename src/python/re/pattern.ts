/** A compiled regular expression: `re.compile(...)`. */
import { codeOf } from "../code_points.ts";
import type { Meter } from "../meter.ts";
import { PyObject } from "../values.ts";
import { Match } from "./match_object.ts";
import { parsePattern } from "./parse.ts";
import { compileProgram, type Program } from "./program.ts";
import { type Attempt, matchAt } from "./run.ts";

/** A part of a text to search in, by code points. */
export interface Region {
  /** Where to start. @default 0 */
  readonly from?: number;
  /** Where the text ends for the search. @default its end */
  readonly to?: number;
}

/** `re.Pattern`. */
export class Pattern extends PyObject {
  readonly typeName = "re.Pattern";
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  readonly flagBits: number;
  readonly #program: Program;

  /** @throws `re.error` for a bad pattern. */
  constructor(readonly pattern: string, flagBits: number) {
    super();
    const parsed = parsePattern(pattern, flagBits);
    this.groups = parsed.groups;
    this.names = parsed.names;
    this.flagBits = parsed.flagBits;
    this.#program = compileProgram(parsed.node, parsed.groups);
  }

  /** The match at the start of the region, as `match` and `fullmatch`. */
  matchAt(
    text: string,
    region: Region & { full?: boolean },
    meter: Meter,
  ): Match | undefined {
    const subject = new Subject(text, region);
    const { full = false } = region;
    return this.#attempt(subject, { start: subject.from, full }, meter);
  }

  /** The first match in the region. */
  search(text: string, region: Region, meter: Meter): Match | undefined {
    const subject = new Subject(text, region);
    for (let start = subject.from; start <= subject.to; start += 1) {
      const match = this.#attempt(subject, { start }, meter);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** All matches that do not overlap, from left to right. */
  *matches(text: string, region: Region, meter: Meter): Generator<Match> {
    const subject = new Subject(text, region);
    let start = subject.from;
    let advance = false;
    while (start <= subject.to) {
      const match = this.#attempt(subject, { start, advance }, meter);
      if (match === undefined) {
        advance = false;
        start += 1;
        continue;
      }
      yield match;
      // After an empty match the same place is tried again for a longer one.
      const [from, to] = match.span(0);
      advance = from === to;
      start = to;
    }
  }

  #attempt(
    subject: Subject,
    attempt: Attempt,
    meter: Meter,
  ): Match | undefined {
    const captures = matchAt(this.#program, subject.codes, attempt, meter);
    if (captures === undefined) return undefined;
    const { text, from, to } = subject;
    return new Match(this, { text, from, to }, captures);
  }
}

/** A text made ready for matching. */
class Subject {
  readonly codes: readonly number[];
  readonly from: number;
  readonly to: number;

  constructor(readonly text: string, region: Region) {
    const codes = Array.from(text, codeOf);
    const clamp = (place: number) => Math.min(Math.max(place, 0), codes.length);
    this.to = clamp(region.to ?? codes.length);
    this.from = clamp(region.from ?? 0);
    this.codes = this.to < codes.length ? codes.slice(0, this.to) : codes;
  }
}
