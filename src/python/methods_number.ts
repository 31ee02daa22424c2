/** The few methods of `int` and `float`. */
import { methodTable } from "./native.ts";
import { asInteger } from "./values.ts";

/** `int.x`. */
export const INT_METHODS = methodTable<bigint>("int", asInteger, {
  bit_count: [
    "",
    (integer) => BigInt(integer.toString(2).replace(/[^1]/g, "").length),
  ],
  bit_length: [
    "",
    (integer) =>
      integer === 0n ? 0n : BigInt(integer.toString(2).replace("-", "").length),
  ],
  conjugate: ["", (integer) => integer],
});

/** `float.x`. */
export const FLOAT_METHODS = methodTable<number>(
  "float",
  (value) => typeof value === "number" ? value : undefined,
  {
    conjugate: ["", (float) => float],
    is_integer: ["", (float) => Number.isInteger(float)],
  },
);
