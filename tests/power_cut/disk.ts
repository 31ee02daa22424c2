/** A disk whose content at any moment can be had, as a power cut would leave it. */
import { join } from "node:path";

/** Room for what the file system keeps for itself; only what is used is stored. */
const OUTER = "2G";
const INNER = "256M";

/** Where mount and mkfs are, also for a user whose PATH lacks them. */
const PATH = `${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`;

/**
 * An ext4 file system in a file, and that file on an XFS, where a copy of it is
 * made at once and without its blocks (reflink). What the kernel has not written
 * to the file yet is not in the copy: just what a disk holds without power.
 *
 * Mounts: to be used in a mount namespace of its own, which takes them along
 * when it ends.
 */
export class PowerDisk implements Disposable {
  /** Where the file system is mounted. */
  readonly root: string;
  readonly #images: string;
  #cuts = 0;
  #mounted = false;

  /** @param folder An empty one. @throws {Error} What a command said. */
  constructor(folder: string) {
    this.#images = join(folder, "images");
    this.root = join(folder, "disk");
    Deno.mkdirSync(this.#images);
    Deno.mkdirSync(this.root);
    const outer = join(folder, "outer.img");
    command("truncate", "-s", OUTER, outer);
    command("mkfs.xfs", "-q", "-m", "reflink=1", outer);
    command("mount", "-o", "loop", outer, this.#images);
    command("truncate", "-s", INNER, this.#live);
    command("mkfs.ext4", "-q", "-F", this.#live);
    this.#mount(this.#live);
  }

  get #live(): string {
    return join(this.#images, "live.img");
  }

  /**
   * What the disk holds now. Nothing else happens in this process meanwhile, so
   * that a server in it stands still.
   * @returns The file, for {@link show}.
   */
  cut(): string {
    const copy = join(this.#images, `cut-${++this.#cuts}.img`);
    command("cp", "--reflink=always", this.#live, copy);
    return copy;
  }

  /** Everything that was written so far reaches the disk. */
  sync(): void {
    command("sync", "-f", this.root);
  }

  /** The power is back: mounts `image` in the place of what was there. */
  show(image: string): void {
    this.#unmount();
    this.#mount(image);
  }

  /** Forgets a copy that is not mounted. */
  drop(image: string): void {
    Deno.removeSync(image);
  }

  [Symbol.dispose](): void {
    this.#unmount();
    command("umount", this.#images);
  }

  #mount(image: string): void {
    // The journal takes the names of files to the disk each second, with or
    // without their bytes: the more a program leaves to luck, the more it shows.
    command("mount", "-o", "loop,commit=1", image, this.root);
    this.#mounted = true;
  }

  #unmount(): void {
    if (this.#mounted) command("umount", this.root);
    this.#mounted = false;
  }
}

function command(program: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(program, {
    args,
    env: { PATH, LC_ALL: "C" },
    stdin: "null",
  }).outputSync();
  if (success) return;
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`${program} ${args.join(" ")}: ${said}`);
}
