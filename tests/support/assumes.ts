/** What tests take for granted of the system, and what they say where it is not so. */

/** The Maildir convention's colon can be in a file's name. */
export const COLONS = {
  there: Deno.build.os !== "windows",
  need: "file names with a colon, which Windows has not",
} as const;

/** Something that not every system has. */
export interface Assumption {
  readonly there: boolean;
  /** What is needed, for people. */
  readonly need: string;
}

/**
 * `Deno.test` for tests that all take something for granted. Where it is not
 * there, one skipped test says so in place of all.
 */
export function testsThatAssume(
  { there, need }: Assumption,
): typeof Deno.test {
  if (there) return Deno.test;
  Deno.test({ name: `All tests here need ${need}`, ignore: true, fn() {} });
  const nothing = () => {};
  const skipped = Object.assign(() => {}, Deno.test, { each: () => nothing });
  return skipped as typeof Deno.test;
}
