import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import manifest from "../../../deno.json" with { type: "json" };
import { makeDebianPackage } from "../../../scripts/debian_package.ts";

const missing = spawnSync("dpkg-deb", ["--version"]).error !== undefined;

Deno.test({
  name: "makeDebianPackage() makes a package that can be installed" +
    (missing ? " (dpkg is not installed)" : ""),
  ignore: missing,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "offlineimap-deb-" });
    try {
      const executable = join(folder, "program");
      await Deno.writeTextFile(executable, "#!/bin/sh\necho it runs\n");
      const path = await makeDebianPackage({
        executable,
        architecture: "amd64",
        folder,
      });
      assert.equal(
        basename(path),
        `offlineimap_${manifest.version}_amd64.deb`,
      );
      assert.match(read("dpkg-deb", "-f", path), /^Conflicts: offlineimap3$/m);
      const root = join(folder, "root");
      Deno.mkdirSync(root);
      read("dpkg-deb", "-x", path, root);
      assert.equal(read(join(root, "usr/bin/offlineimap")), "it runs\n");
      const page = join(root, "usr/share/man/man1/offlineimap.1.gz");
      assert.match(read("gzip", "-dc", page), /^\.TH OFFLINEIMAP 1/);
      const listing = read("dpkg-deb", "-c", path).trim().split("\n");
      for (const line of listing) {
        // All may read what is installed, and only root may change it.
        assert.match(line, /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x) root\/root /);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

function read(program: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}
