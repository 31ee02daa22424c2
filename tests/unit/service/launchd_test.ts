import assert from "node:assert/strict";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { launchd } from "../../../src/service/launchd.ts";
import type { ServiceSpec } from "../../../src/service/service.ts";
import { ENDLESS_SPEC, ODD_SPEC, USER } from "./specs.ts";

const manager = launchd(USER);

/** The agent as a parser of property lists reads it. */
function agentOf(spec: ServiceSpec): unknown {
  const [file] = manager.files(spec);
  assert.ok(file);
  assert.equal(
    file.path,
    "/home/x/Library/LaunchAgents/org.offlineimap.offlineimap.plist",
  );
  const text = new TextDecoder().decode(file.bytes);
  const document = new DOMParser().parseFromString(text, "text/xml");
  assert.equal(document.documentElement?.tagName, "plist");
  const [dict] = elementsIn(document.documentElement);
  assert.ok(dict);
  return valueOf(dict);
}

function elementsIn(element: Element): Element[] {
  return [...element.childNodes].filter((node): node is Element =>
    node.nodeType === 1
  );
}

function valueOf(element: Element): unknown {
  const inner = elementsIn(element);
  switch (element.tagName) {
    case "dict":
      return Object.fromEntries(
        inner.flatMap((key, at) =>
          at % 2 === 0 ? [[key.textContent, valueOf(inner[at + 1] ?? key)]] : []
        ),
      );
    case "array":
      return inner.map(valueOf);
    case "integer":
      return Number(element.textContent);
    case "true":
    case "false":
      return element.tagName === "true";
    default:
      return element.textContent;
  }
}

Deno.test("launchd() makes an agent that runs every few minutes", () => {
  assert.deepEqual(agentOf(ODD_SPEC), {
    Label: "org.offlineimap.offlineimap",
    ProgramArguments: ODD_SPEC.command,
    EnvironmentVariables: { PATH: ODD_SPEC.searchPath },
    RunAtLoad: true,
    StartInterval: 420,
    ExitTimeOut: 60,
    ProcessType: "Background",
    Umask: 63,
    StandardOutPath: ODD_SPEC.logFile,
    StandardErrorPath: ODD_SPEC.logFile,
  });
});

Deno.test("launchd() starts an endless run again when it failed", () => {
  const agent = agentOf(ENDLESS_SPEC) as Record<string, unknown>;
  assert.deepEqual(agent["KeepAlive"], { SuccessfulExit: false });
  assert.equal(agent["StartInterval"], undefined);
});

Deno.test("launchd() refuses what XML cannot hold", () => {
  const spec = { ...ODD_SPEC, command: ["/a\u0001"] };
  assert.throws(() => manager.files(spec), RangeError);
});
