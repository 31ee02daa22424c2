import assert from "node:assert/strict";
import { DOMParser } from "@xmldom/xmldom";
import fc from "fast-check";
import type { ServiceSpec } from "../../../src/service/service.ts";
import {
  quoteWindowsArgument,
  taskScheduler,
} from "../../../src/service/task_scheduler.ts";
import { ENDLESS_SPEC, ODD_SPEC } from "./specs.ts";

const manager = taskScheduler("C:\\Users\\x\\AppData\\Local\\offlineimap");

/** The text of the element with this name. */
function readTask(spec: ServiceSpec): (name: string) => string | undefined {
  const [file] = manager.files(spec);
  assert.ok(file);
  // schtasks reads UTF-16 with its mark.
  assert.deepEqual([...file.bytes.subarray(0, 2)], [0xff, 0xfe]);
  const text = new TextDecoder("utf-16le").decode(file.bytes);
  const document = new DOMParser().parseFromString(text, "text/xml");
  assert.equal(
    document.documentElement?.namespaceURI,
    "http://schemas.microsoft.com/windows/2004/02/mit/task",
  );
  return (name) =>
    document.getElementsByTagName(name).item(0)?.textContent ?? undefined;
}

/** The rules of `CommandLineToArgvW`, from Microsoft's description of it. */
function argumentsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (char === "\\") {
      let count = 1;
      while (line[at + count] === "\\") count++;
      at += count - 1;
      word ??= "";
      if (line[at + 1] !== '"') word += "\\".repeat(count);
      else {
        word += "\\".repeat(count >> 1);
        if (count % 2 === 1) {
          word += '"';
          at++;
        }
      }
    } else if (char === '"') {
      quoted = !quoted;
      word ??= "";
    } else if (!quoted && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  return word === undefined ? words : [...words, word];
}

Deno.test("taskScheduler() repeats a run from the login on, without a window", () => {
  const read = readTask(ODD_SPEC);
  assert.equal(read("Interval"), "PT7M");
  assert.equal(read("MultipleInstancesPolicy"), "IgnoreNew");
  assert.equal(read("RunLevel"), "LeastPrivilege");
  assert.equal(read("Command"), "%SystemRoot%\\System32\\conhost.exe");
  assert.deepEqual(argumentsOf(read("Arguments") ?? ""), [
    "--headless",
    ...ODD_SPEC.command,
    "-l",
    ODD_SPEC.logFile,
  ]);
});

Deno.test("taskScheduler() starts an endless run again when it failed", () => {
  const read = readTask(ENDLESS_SPEC);
  assert.equal(read("Repetition"), undefined);
  assert.equal(read("Interval"), "PT1M");
  assert.equal(read("Count"), "255");
});

Deno.test("quoteWindowsArgument() gives what a program reads back, whatever it is", () => {
  const word = fc.array(
    fc.constantFrom("a", '"', "\\", " ", "\t", "é"),
    { maxLength: 8 },
  ).map((chars) => chars.join(""));
  fc.assert(fc.property(fc.array(word), (words) => {
    const line = words.map(quoteWindowsArgument).join(" ");
    assert.deepEqual(argumentsOf(line), words);
  }));
});
