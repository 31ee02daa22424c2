import assert from "node:assert/strict";
import {
  describeInstall,
  install,
  type ServiceSystem,
  showLogs,
  showStatus,
  uninstall,
} from "../../../src/service/control.ts";
import { launchd } from "../../../src/service/launchd.ts";
import { systemd } from "../../../src/service/systemd.ts";
import { ENDLESS_SPEC, ODD_SPEC, USER } from "./specs.ts";

/** A system that remembers what was done to it. */
class FakeSystem implements ServiceSystem {
  readonly files = new Map<string, Uint8Array>();
  readonly folders: string[] = [];
  readonly ran: string[] = [];
  readonly said: string[] = [];
  /** Exit codes by the beginning of a command line. */
  readonly codes = new Map<string, number>();

  run(argv: readonly string[]): Promise<number> {
    const line = argv.join(" ");
    this.ran.push(line);
    const found = [...this.codes].find(([head]) => line.startsWith(head));
    return Promise.resolve(found?.[1] ?? 0);
  }
  write(path: string, bytes: Uint8Array): void {
    this.files.set(path, bytes);
  }
  remove(path: string): boolean {
    return this.files.delete(path);
  }
  makeFolder(path: string): void {
    this.folders.push(path);
  }
  tail(path: string): string {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Deno.errors.NotFound(path);
    return new TextDecoder().decode(bytes);
  }
  say(text: string): void {
    this.said.push(text);
  }
}

const FOLDER = "/home/x/.config/systemd/user";

Deno.test("install() stops the old service, writes the new one and starts it", async () => {
  const system = new FakeSystem();
  await install(ODD_SPEC, systemd(USER), system);
  assert.deepEqual(system.ran, [
    "systemctl --user show-environment",
    "systemctl --user disable --now offlineimap.timer offlineimap.service",
    "systemctl --user daemon-reload",
    "systemctl --user enable --now offlineimap.timer",
  ]);
  assert.ok(ODD_SPEC.writable.every((path) => system.folders.includes(path)));
  assert.ok(system.said.some((line) => line.endsWith("every 7 minutes")));
});

Deno.test("install() removes the timer when a run goes on for ever", async () => {
  const system = new FakeSystem();
  await install(ODD_SPEC, systemd(USER), system);
  await install(ENDLESS_SPEC, systemd(USER), system);
  assert.deepEqual([...system.files.keys()], [
    `${FOLDER}/offlineimap.service`,
  ]);
});

Deno.test("install() goes on when nothing was installed, and stops at a real failure", async () => {
  const system = new FakeSystem();
  system.codes.set("launchctl bootout", 3);
  await install(ODD_SPEC, launchd(USER), system);
  system.codes.set("launchctl bootstrap", 5);
  await assert.rejects(install(ODD_SPEC, launchd(USER), system), {
    code: "service.command",
    message: /^"launchctl bootstrap gui\/501 .*failed \(exit code 5\)$/,
  });
});

Deno.test("install() and showStatus() change nothing where the system runs nothing by itself", async () => {
  const system = new FakeSystem();
  system.codes.set("systemctl --user show-environment", 1);
  const absent = { code: "service.absent", message: /^systemctl does not/ };
  await assert.rejects(install(ODD_SPEC, systemd(USER), system), absent);
  await assert.rejects(showStatus(systemd(USER), system), absent);
  assert.equal(system.files.size, 0);
  assert.deepEqual(system.folders, []);
  // What an earlier system left can be removed all the same.
  system.codes.set("systemctl", 127);
  await uninstall(systemd(USER), system);
});

Deno.test("uninstall() leaves nothing, and says when there was nothing", async () => {
  const system = new FakeSystem();
  await install(ODD_SPEC, systemd(USER), system);
  await uninstall(systemd(USER), system);
  assert.equal(system.files.size, 0);
  system.said.length = 0;
  await uninstall(systemd(USER), system);
  assert.deepEqual(system.said, ["No service was installed"]);
});

Deno.test("describeInstall() shows files and commands, and does nothing", () => {
  const said: string[] = [];
  describeInstall(ODD_SPEC, systemd(USER), (text) => void said.push(text));
  assert.match(said.join("\n"), /^Would write .*offlineimap\.service:/);
  assert.ok(said.includes("Would run systemctl --user daemon-reload"));
});

Deno.test("showStatus() ends as what it asks does", async () => {
  const system = new FakeSystem();
  system.codes.set("systemctl --user --no-pager status", 4);
  assert.equal(await showStatus(systemd(USER), system), 4);
});

Deno.test("showLogs() shows the end of a log file, or says that there is none", async () => {
  const system = new FakeSystem();
  const spec = { logFile: "/log" };
  await assert.rejects(showLogs(spec, launchd(USER), system), {
    code: "service.log",
  });
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`);
  system.write("/log", new TextEncoder().encode(`${lines.join("\n")}\n`));
  assert.equal(await showLogs(spec, launchd(USER), system), 0);
  assert.deepEqual(system.said[0]?.split("\n"), lines.slice(-100));
});
