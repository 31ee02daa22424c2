/** The tests of the project, read from their sources. */

/** A test as its source names it. */
export interface SourceTest {
  /** Path from the repository's root, with `/`. */
  readonly file: string;
  /** Its name; what is filled in at run time is `…`. */
  readonly name: string;
  /** The text of the test, for looking what it is about. */
  readonly text: string;
  /** What it says it shows: `// shows: account.quick, -q` above it. */
  readonly shows: readonly string[];
}

/** A call that registers a test, or the name of a scenario that is data. */
const TEST =
  /\b(?:Deno\.t|\w*T|t)est(?:\.\w+)?\(\s*(?:\{\s*name:\s*)?(["'`])((?:\\.|(?!\1)[^\\])+)\1/gs;
const SCENARIO = /^ {4}name:\s*(["'`])((?:\\.|(?!\1)[^\\])+)\1/gm;

const TAG = /\/\/ shows: ([^\n]+)\n\s*(?:\{\s*)?$/;

/** All tests in a source file. */
export function testsIn(file: string, source: string): SourceTest[] {
  const pattern = file.includes("/scenarios/") ? SCENARIO : TEST;
  const found = [...source.matchAll(pattern)];
  return found.map((match, index) => {
    const before = source.slice(0, match.index);
    const end = found[index + 1]?.index ?? source.length;
    const tag = TAG.exec(before)?.[1] ?? "";
    return {
      file,
      name: (match[2] ?? "").replaceAll(/\$\{[^}]*\}/g, "…")
        .replaceAll(/\\(["'`])/g, "$1").replaceAll(/\s+/g, " "),
      text: source.slice(match.index, end),
      shows: tag.split(",").map((word) => word.trim()).filter(Boolean),
    };
  });
}

/** All tests below `tests/`. */
export async function allTests(root: URL): Promise<SourceTest[]> {
  const tests: SourceTest[] = [];
  const visit = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(new URL(folder, root))) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) await visit(`${path}/`);
      else if (/_test\.ts$|\/scenarios\/\w+\.ts$/.test(path)) {
        const source = await Deno.readTextFile(new URL(path, root));
        tests.push(...testsIn(path, source.replaceAll("\r\n", "\n")));
      }
    }
  };
  await visit("tests/");
  return tests.sort((a, b) =>
    a.file < b.file || (a.file === b.file && a.name < b.name) ? -1 : 1
  );
}
