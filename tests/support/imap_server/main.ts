/**
 * The scripted server by hand:
 *
 *     deno run -A tests/support/imap_server/main.ts --port 1143 \
 *       --profile courier --samples 300 --vice cutBefore,when.nth=12
 *
 * One JSON line with the port is printed; the server runs until it is stopped.
 */
import { parseArgs } from "node:util";
import { type ProfileName, PROFILES } from "./profile.ts";
import { sampleMailboxes } from "./samples.ts";
import { startImapServer } from "./server.ts";
import { parseVice } from "./vice_text.ts";

function isProfile(name: string): name is ProfileName {
  return name in PROFILES;
}

/** Starts the server as the arguments say. */
async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: "string", default: "0" },
      profile: { type: "string", default: "dovecot" },
      user: { type: "string", default: "user" },
      password: { type: "string", default: "secret" },
      samples: { type: "string", default: "300" },
      vice: { type: "string", multiple: true, default: [] },
      log: { type: "boolean", default: false },
    },
  });
  if (!isProfile(values.profile)) {
    throw new Error(
      `Unknown profile "${values.profile}"; there are: ` +
        Object.keys(PROFILES).join(", "),
    );
  }
  const { separator, prefix } = PROFILES[values.profile];
  const server = startImapServer({
    port: Number(values.port),
    profile: values.profile,
    users: { [values.user]: values.password },
    mailboxes: sampleMailboxes({
      messages: Number(values.samples),
      separator,
      prefix,
    }),
    vices: values.vice.map(parseVice),
  });
  const say = (line: string) =>
    Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
  if (values.log) {
    server.onReply(async ({ connection, name, text, outcome }) => {
      await say(`${connection} ${name} ${text} -> ${outcome}`);
    });
  }
  await say(JSON.stringify({ host: server.hostname, port: server.port }));
}

if (import.meta.main) await main(Deno.args);
