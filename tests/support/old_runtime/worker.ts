/** An account's worker on such a Deno. */
import "./missing.ts";
import "../../../src/sandbox/worker.ts";
