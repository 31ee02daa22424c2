/** What comes before a power cut: both sides in step, and then something to do. */
import { serverContents } from "../support/contents.ts";
import type { ImapServer } from "../support/imap_server/mod.ts";
import type { Program } from "../support/program.ts";
import { Hands, viewOf } from "./deeds.ts";
import type { Expectation } from "./recover.ts";
import type { Scenario } from "./scenarios.ts";

/** Brings both sides in step, lets users do their things, says what is due. */
export async function prepare(
  program: Program,
  server: ImapServer,
  { edit }: Scenario,
): Promise<Expectation> {
  if (edit === undefined) {
    const base = viewOf(serverContents(server));
    return { base, mail: server.image(), deeds: [] };
  }
  await run(program);
  const base = viewOf(serverContents(server));
  const hands = new Hands(program.tree, server);
  edit(hands);
  return { base, mail: server.image(), deeds: hands.deeds };
}

/** Runs the program as a process. @throws {Error} When it fails. */
export async function run(program: Program): Promise<void> {
  const { code, stdout, stderr } = await program.run();
  if (code !== 0) throw new Error(`Run ended with ${code}: ${stdout}${stderr}`);
}
