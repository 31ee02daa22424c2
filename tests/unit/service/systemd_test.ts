import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { ServiceSpec } from "../../../src/service/service.ts";
import { systemd } from "../../../src/service/systemd.ts";
import { ENDLESS_SPEC, ODD_SPEC, USER } from "./specs.ts";

const manager = systemd(USER);

/** The units of a service, as sections of lines. */
function unitsOf(spec: ServiceSpec): Map<string, string[]> {
  return new Map(
    manager.files(spec).map(({ path, bytes }) => [
      path,
      new TextDecoder().decode(bytes).split("\n"),
    ]),
  );
}

const FOLDER = "/home/x/.config/systemd/user";

Deno.test("systemd() makes a timer and what it starts for runs every few minutes", () => {
  const units = unitsOf(ODD_SPEC);
  assert.deepEqual([...units.keys()], [
    `${FOLDER}/offlineimap.service`,
    `${FOLDER}/offlineimap.timer`,
  ]);
  assert.ok(
    units.get(`${FOLDER}/offlineimap.timer`)?.includes(
      "OnUnitInactiveSec=7min",
    ),
  );
  assert.equal(manager.title(ODD_SPEC), "systemd unit offlineimap.timer");
});

Deno.test("systemd() restarts an endless run that failed, by itself", () => {
  const units = unitsOf(ENDLESS_SPEC);
  assert.deepEqual([...units.keys()], [`${FOLDER}/offlineimap.service`]);
  const lines = units.get(`${FOLDER}/offlineimap.service`) ?? [];
  assert.ok(lines.includes("Restart=on-failure"));
  assert.ok(lines.includes("WantedBy=default.target"));
});

Deno.test("systemd() follows XDG_CONFIG_HOME", () => {
  const [file] = systemd({ ...USER, configHome: "/cfg" }).files(ENDLESS_SPEC);
  assert.equal(file?.path, "/cfg/systemd/user/offlineimap.service");
});

Deno.test("systemd() gives the service few rights and only its own folders to write to", () => {
  const lines = unitsOf(ODD_SPEC).get(`${FOLDER}/offlineimap.service`) ?? [];
  for (
    const right of [
      "NoNewPrivileges=yes",
      "ProtectSystem=strict",
      "ProtectHome=read-only",
    ]
  ) assert.ok(lines.includes(right), right);
  const writable = lines.filter((line) => line.startsWith("ReadWritePaths="));
  assert.equal(writable.length, ODD_SPEC.writable.length);
});

/** The words of systemd.service(5), for what is written here: all is quoted. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) =>
    word.replace(/\\x([0-9a-f]{2})|\\(.)|%%|\$\$/g, (all, hex, char) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      return char ?? all[0];
    })
  );
}

Deno.test("systemd() quotes a command line so that it is read back", () => {
  const lines = unitsOf(ODD_SPEC).get(`${FOLDER}/offlineimap.service`) ?? [];
  const start = lines.find((line) => line.startsWith("ExecStart=")) ?? "";
  // Such a name of a program is refused by systemd.
  const shell = ["/bin/sh", "-c", 'exec "$0" "$@"'];
  assert.deepEqual(wordsOf(start), [...shell, ...ODD_SPEC.command]);
});

Deno.test("systemd() puts in no variable for the name of the program", () => {
  const spec = { ...ODD_SPEC, command: ["/a $b%/x", "$c"] };
  const lines = unitsOf(spec).get(`${FOLDER}/offlineimap.service`) ?? [];
  assert.ok(lines.includes('ExecStart="/a $b%%/x" "$$c"'));
});

Deno.test("systemd() keeps a line end in a path from ending the line", () => {
  const spec = { ...ODD_SPEC, command: ["/a\nUser=root"] };
  const lines = unitsOf(spec).get(`${FOLDER}/offlineimap.service`) ?? [];
  assert.ok(lines.some((line) => line.endsWith(' "/a\\x0aUser=root"')));
});

const verify = spawnSync("systemd-analyze", ["--version"]).status === 0;

Deno.test({
  name: "systemd-analyze finds nothing wrong with the units",
  ignore: !verify,
  fn: () => {
    const folder = Deno.makeTempDirSync({ prefix: "offlineimap-unit-" });
    try {
      const program = `${folder}/a $b%;é`;
      Deno.writeTextFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
      const quoted = `${folder}/a"b'c`;
      Deno.copyFileSync(program, quoted);
      for (
        const [everyMinutes, path] of [[7, program], [
          undefined,
          quoted,
        ]] as const
      ) {
        const command = [path, `a b"c'd$e%f\\g;é`];
        const spec = { ...ODD_SPEC, command, everyMinutes };
        const paths = manager.files(spec).map(({ path, bytes }) => {
          const copy = `${folder}/${basename(path)}`;
          Deno.writeFileSync(copy, bytes);
          return copy;
        });
        const { status, stdout, stderr } = spawnSync("systemd-analyze", [
          ...["--man=no", "--recursive-errors=no", "verify"],
          ...paths,
        ], { encoding: "utf8", env: { PATH: Deno.env.get("PATH") } });
        assert.equal(`${stdout}${stderr}`, "");
        assert.equal(status, 0);
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
