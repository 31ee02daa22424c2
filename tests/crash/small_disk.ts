/** A disk so small that it is full at once. */

/** A file system of its own. Disposing of it unmounts it. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Gives it another size, such as `8m`. */
  resize(size: string): Promise<void>;
  /** Lets nobody write, or again everybody. */
  setReadOnly(readOnly: boolean): Promise<void>;
}

/** Mounts a tmpfs of that size; undefined where that is not allowed. */
export async function mountSmallDisk(
  size: string,
): Promise<SmallDisk | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const path = Deno.makeTempDirSync({ prefix: "oi-disk-" });
  if (!await mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path)) {
    Deno.removeSync(path);
    return undefined;
  }
  const remount = async (option: string) => {
    if (await mount("-o", `remount,${option}`, path)) return;
    throw new Error(`Cannot remount ${path} with ${option}`);
  };
  return {
    path,
    resize: (to) => remount(`size=${to}`),
    setReadOnly: (readOnly) => remount(readOnly ? "ro" : "rw"),
    async [Symbol.asyncDispose]() {
      await run("umount", "--lazy", path);
      Deno.removeSync(path);
    },
  };
}

function mount(...args: string[]): Promise<boolean> {
  return run("mount", ...args);
}

async function run(program: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, {
      args,
      stdout: "null",
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

/**
 * A test on a small disk. Where none can be mounted (it takes root on Linux) the
 * test is ignored and its name says why, but with OFFLINEIMAP_TEST_REQUIRE=1 it
 * fails.
 */
export function smallDiskTest(
  name: string,
  size: string,
  run: (disk: SmallDisk) => Promise<void>,
): void {
  const required = Deno.env.get("OFFLINEIMAP_TEST_REQUIRE") === "1";
  Deno.test({
    name: canMount ? name : `${name} (needs root on Linux for a small disk)`,
    ignore: !canMount && !required,
    async fn() {
      await using disk = await mountSmallDisk(size);
      if (disk === undefined) throw new Error("Cannot mount a small disk");
      await run(disk);
    },
  });
}

const canMount = await tryMount();

async function tryMount(): Promise<boolean> {
  await using disk = await mountSmallDisk("64k");
  return disk !== undefined;
}
