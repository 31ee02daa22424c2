/** Time as the program needs it; a test brings its own. */

/** Two clocks and a timer. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. It may stand in suspend. */
  now(): number;
  /** Milliseconds of the clock on the wall. */
  wall(): number;
  /** Runs `action` once after `ms`; the function returned calls it off. */
  after(ms: number, action: () => void): () => void;
}
