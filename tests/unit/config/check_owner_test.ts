import assert from "node:assert/strict";
import { join } from "node:path";
import { checkOwners } from "../../../src/config/check_owner.ts";

const ON_UNIX = { ignore: Deno.build.os === "windows" };

for (
  const { mode, mine, group, told } of [
    { mode: 0o600, mine: true, group: true, told: undefined },
    { mode: 0o664, mine: true, group: true, told: undefined },
    {
      mode: 0o664,
      mine: true,
      group: false,
      told: /other users can change it/,
    },
    { mode: 0o602, mine: true, group: true, told: /other users can change it/ },
  ]
) {
  Deno.test(
    `checkOwners() tells of mode ${mode.toString(8)}, own group ${group}: ${
      told !== undefined
    }`,
    ON_UNIX,
    async () => {
      const folder = await Deno.makeTempDir();
      try {
        const file = join(folder, "rc");
        await Deno.writeTextFile(file, "");
        await Deno.chmod(file, mode);
        const { uid, gid } = await Deno.stat(file);
        const warnings = await checkOwners([file, join(folder, "none")], {
          platform: "linux",
          uid: mine ? uid : (uid ?? 0) + 1,
          gid: group ? gid : (gid ?? 0) + 1,
        });
        assert.equal(warnings.length, told === undefined ? 0 : 1);
        if (told !== undefined) assert.match(warnings[0]?.message ?? "", told);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  );
}

Deno.test("checkOwners() says nothing on Windows", async () => {
  const own = { platform: "windows", uid: null, gid: null } as const;
  assert.deepEqual(await checkOwners(["C:\\rc"], own), []);
});
