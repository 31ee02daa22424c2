/**
 * The program on a Deno that is too old for mail but lets its compiled form be
 * tried: with what that lacks put in. Never part of a release.
 */
import "./missing.ts";
import { main } from "../../../src/main.ts";

Deno.exitCode = await main(Deno.args);
