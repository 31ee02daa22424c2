/** Both ways with a real Courier, which tells no UIDNEXT and has no CONDSTORE. */
import assert from "node:assert/strict";
import {
  assertInStep,
  type Contents,
  countByLabel,
} from "../support/contents.ts";
import { type Courier, courierTest, openCourier } from "../support/courier.ts";
import { seededRandom } from "../support/imap_server/random.ts";
import { openProgram, type Program } from "../support/program.ts";
import { deedsOf } from "../crash/world.ts";

const KILLS = 8;
const ARRIVALS = 10;

function mail(label: string): string {
  return `From: a@example.org\nSubject: ${label}\n` +
    `Message-ID: <${label}@example.org>\n\nHello, ${label}.\n`;
}

function home(courier: Courier): Program {
  return openProgram({ server: { port: 143 }, remote: courier.options });
}

/** By the names that folders have here. */
function remoteContents({ tree }: Courier): Contents {
  return new Map(
    [...tree.contents()].map(([name, mails]) => [
      ["INBOX", ...name.split(".").slice(1)].join("/"),
      mails,
    ]),
  );
}

async function assertLevel(
  program: Program,
  courier: Courier,
  exactly: readonly string[],
): Promise<void> {
  assertInStep(program.tree.contents(), remoteContents(courier), { exactly });
  assert.deepEqual(deedsOf(await program.sync()), []);
}

const OFFERS = [
  { what: "with UIDPLUS", capabilities: undefined },
  { what: "without UIDPLUS", capabilities: "IMAP4rev1 NAMESPACE" },
];

for (const { what, capabilities } of OFFERS) {
  courierTest(
    `A mailbox on Courier ${what} and a Maildir are level after changes on both sides`,
    async () => {
      using courier = openCourier(capabilities);
      const { tree: there } = courier;
      for (const label of ["a", "b", "c", "d"]) {
        there.deliver("", mail(label), "S");
      }
      await using program = home(courier);
      const { tree: here } = program;
      const first = await program.sync();
      assert.equal(first.code, 0, first.output);
      await assertLevel(program, courier, ["a", "b", "c", "d"]);

      there.deliver("", mail("down"));
      there.setLetters(there.find("a"), "FS");
      there.remove(there.find("b"));
      here.deliver("INBOX", mail("up"), "S");
      here.setLetters(here.find("c"), "");
      here.create("INBOX/Sent");
      here.move(here.find("d"), "INBOX/Sent");
      for (let run = 0; run < 2; run++) {
        const { code, output } = await program.sync();
        assert.equal(code, 0, output);
      }
      await assertLevel(program, courier, ["a", "c", "d", "down", "up"]);
      assert.equal(there.files(".Sent").length, 1);

      here.remove(here.find("up"));
      there.remove(there.find("d"));
      await program.sync();
      await assertLevel(program, courier, ["a", "c", "down"]);
    },
  );

  courierTest(
    `Runs that are killed lose and double nothing on Courier ${what}`,
    async () => {
      using courier = openCourier(capabilities);
      await using program = home(courier);
      program.tree.create("INBOX");
      const random = seededRandom(20_261_121);
      const sent: string[] = [];
      for (let run = 0; run < KILLS; run++) {
        for (let at = 0; at < ARRIVALS; at++) {
          courier.tree.deliver("", mail(`down${run}-${at}`));
          program.tree.deliver("INBOX", mail(`up${run}-${at}`), "S");
          sent.push(`down${run}-${at}`, `up${run}-${at}`);
        }
        const killer = new AbortController();
        const copies = Math.floor(random() * 2 * ARRIVALS);
        let seen = 0;
        await program.run({
          signal: killer.signal,
          onOutput: (text) => {
            seen += text.split("Copy message").length - 1;
            if (seen >= copies) killer.abort();
          },
        });
      }
      for (let run = 0; run < 3; run++) {
        const { code, output } = await program.sync();
        if (run > 0) assert.equal(code, 0, output);
      }
      const counts = countByLabel(remoteContents(courier));
      for (const label of sent) assert.equal(counts.get(label), 1, label);
      await assertLevel(program, courier, sent);
    },
  );
}
