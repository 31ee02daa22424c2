/**
 * Run as a program of its own: opens two sessions on the port in its argument,
 * trusting what runtime and system trust.
 */
import process from "node:process";
import { open } from "./session_support.ts";

if (import.meta.main) {
  const settings = {
    host: "localhost",
    port: Number(Deno.args[0]),
    tls: "implicit",
  } as const;
  for (let i = 0; i < 2; i++) {
    (await open(settings)).transport.destroy();
  }
  process.stdout.write("opened twice\n");
}
