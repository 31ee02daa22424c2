/**
 * Runs before every test file: the generated inputs are the same in every run,
 * so that what was green stays green. FAST_CHECK_SEED=random looks elsewhere, a
 * number there again.
 */
import fc from "fast-check";

const wanted = Deno.env.get("FAST_CHECK_SEED") ?? "20261101";
if (wanted !== "random") fc.configureGlobal({ seed: Number(wanted) });
