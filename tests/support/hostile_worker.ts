/// <reference lib="deno.worker" />
/** What code would try that a hostile server brought into an account's worker. */

interface Aims {
  readonly config: string;
  readonly neighbour: string;
  readonly port: number;
  readonly mail: string;
}

function attempts(
  { config, neighbour, port, mail }: Aims,
): Record<string, () => unknown> {
  return {
    "read /etc/passwd": () => Deno.readTextFileSync("/etc/passwd"),
    "read the configuration": () => Deno.readTextFileSync(config),
    "read another account's mail": () => Deno.readTextFileSync(neighbour),
    "write beside the Maildir": () => Deno.writeTextFileSync(`${mail}-x`, "x"),
    "climb out of the Maildir": () =>
      Deno.readTextFileSync(`${mail}/../${neighbour.split("/").at(-1)}`),
    "make a link to elsewhere": () => Deno.symlinkSync("/etc", `${mail}/etc`),
    "read a variable": () => Deno.env.get("PATH"),
    "start a program": () => new Deno.Command("true").outputSync(),
    "connect elsewhere": () =>
      Deno.connect({ hostname: "127.0.0.1", port }).then((c) => c.close()),
    "load native code": () => Deno.dlopen("libc.so.6", {}),
    "get more rights by a worker": () =>
      new Worker(import.meta.url, {
        type: "module",
        deno: { permissions: { read: true } },
      }),
  };
}

self.onmessage = async ({ data }: MessageEvent<Aims>) => {
  const denied: string[] = [];
  const done: string[] = [];
  for (const [name, attempt] of Object.entries(attempts(data))) {
    try {
      await attempt();
      done.push(name);
    } catch {
      denied.push(name);
    }
  }
  self.postMessage({ denied, done });
};
