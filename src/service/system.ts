/** The real system. */
import { dirname } from "node:path";
import { MailError } from "../errors.ts";
import type { ServiceSystem } from "./control.ts";

/** Bytes that are read of the end of a log. */
const TAIL_BYTES = 64 << 10;

/** This machine. @param say Shows a line to the user. */
export function realSystem(say: (text: string) => void): ServiceSystem {
  return {
    say,
    run: async ([program = "", ...args], quiet) => {
      const output = quiet ? "null" : "inherit";
      try {
        const child = new Deno.Command(program, {
          args,
          stdin: "null",
          stdout: output,
          stderr: output,
        }).spawn();
        return (await child.status).code;
      } catch (cause) {
        // As a shell says of a command that it does not find.
        if (quiet) return 127;
        throw new MailError(`Cannot run "${program}"`, {
          code: "service.command",
          scope: "run",
          hint: "Is this system run by it?",
          cause,
        });
      }
    },
    write: (path, bytes) => {
      makeFolder(dirname(path));
      Deno.writeFileSync(path, bytes, { mode: 0o600 });
    },
    remove: (path) => {
      try {
        Deno.removeSync(path);
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return false;
        throw error;
      }
    },
    makeFolder,
    tail: (path) => {
      using file = Deno.openSync(path, { read: true });
      const { size } = file.statSync();
      file.seekSync(Math.max(0, size - TAIL_BYTES), Deno.SeekMode.Start);
      const bytes = new Uint8Array(TAIL_BYTES);
      const count = file.readSync(bytes) ?? 0;
      return new TextDecoder().decode(bytes.subarray(0, count));
    },
  };
}

function makeFolder(path: string): void {
  Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
}
