import assert from "node:assert/strict";
import { accountNeeds } from "../../../src/sandbox/needs.ts";
import { withServers } from "../../../src/sandbox/with_servers.ts";
import { accountOf } from "./support.ts";

Deno.test.each<{ remote: string; net: string[] }>([
  {
    remote: "remotehosteval = 'imap.' + 'example.org'",
    net: ["imap.example.org:993"],
  },
  {
    remote: "remotehost = imap.example.org\nremoteporteval = 900 + 93",
    net: ["imap.example.org:993"],
  },
  {
    remote:
      "remotehosteval = 'imap.example.org'\nremoteporteval = 1143\nssl = no",
    net: ["imap.example.org:1143"],
  },
  // Told of where the account is synchronised; until then it reaches nothing.
  { remote: "remotehosteval = 1 / 0", net: [] },
  {
    remote: "remotehost = imap.example.org\nremoteporteval = 'x' + 1",
    net: [],
  },
])(
  "withServers() makes of $remote the right to reach $net and nothing else",
  async ({ remote, net }) => {
    const { account, general, here } = accountOf({ remote });
    const known = await withServers(account, undefined, () => {});
    assert.deepEqual(accountNeeds(known, general.metadata, here).net, net);
  },
);
