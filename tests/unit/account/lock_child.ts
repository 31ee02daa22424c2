/** Holds the lock of account `A` in the directory given, until it is killed. */
import { acquireLock } from "../../../src/account/lock.ts";

const metadata = Deno.args[0] ?? "";
await using lock = await acquireLock(metadata, "A");
await Deno.stdout.write(new TextEncoder().encode(`${lock.path}\n`));
await Deno.stdin.read(new Uint8Array(1));
