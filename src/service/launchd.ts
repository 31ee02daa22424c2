/** macOS: a launchd agent of the user. See launchd.plist(5). */
import type { ServiceManager, ServiceSpec, ServiceUser } from "./service.ts";
import { type Element, element, formatElement } from "./xml.ts";

const LABEL = "org.offlineimap.offlineimap";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" ' +
  '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';

type Plist = string | number | boolean | readonly Plist[] | PlistDict;
interface PlistDict {
  readonly [key: string]: Plist | undefined;
}

/** An agent that runs while the user is logged in. */
export function launchd({ home, uid }: ServiceUser): ServiceManager {
  const path = `${home}/Library/LaunchAgents/${LABEL}.plist`;
  const domain = `gui/${uid ?? 0}`;
  const bootout = {
    argv: ["launchctl", "bootout", `${domain}/${LABEL}`] as const,
    mayFail: true,
  };
  return {
    title: () => `launchd agent ${LABEL}`,
    files: (spec) => [{
      path,
      bytes: new TextEncoder().encode(
        HEAD + formatElement({
          name: "plist",
          attributes: { version: "1.0" },
          children: [plistElement(agent(spec))],
        }),
      ),
    }],
    ready: () => ({ argv: ["launchctl", "print", domain] }),
    stop: () => [bootout],
    start: () => [{ argv: ["launchctl", "bootstrap", domain, path] }],
    forget: () => [],
    paths: () => [path],
    status: () => [
      { argv: ["launchctl", "print", `${domain}/${LABEL}`], mayFail: true },
    ],
    logs: ({ logFile }) => ({ file: logFile }),
    remarks: () => [
      "Mail in Documents, Desktop, Downloads or iCloud Drive needs Full Disk " +
      "Access: System Settings, Privacy & Security",
    ],
  };
}

function agent(spec: ServiceSpec): PlistDict {
  const forever = spec.everyMinutes === undefined;
  return {
    Label: LABEL,
    ProgramArguments: spec.command,
    EnvironmentVariables: { PATH: spec.searchPath },
    RunAtLoad: true,
    ...forever
      ? { KeepAlive: { SuccessfulExit: false }, ThrottleInterval: 30 }
      : { StartInterval: (spec.everyMinutes ?? 0) * 60 },
    // The message in hand is finished first.
    ExitTimeOut: 60,
    ProcessType: "Background",
    // 077: nobody else reads it.
    Umask: 0o077,
    StandardOutPath: spec.logFile,
    StandardErrorPath: spec.logFile,
  };
}

function plistElement(value: Plist): Element {
  if (typeof value === "string") return element("string", value);
  if (typeof value === "number") return element("integer", String(value));
  if (typeof value === "boolean") return element(String(value));
  if (isList(value)) return element("array", ...value.map(plistElement));
  return element(
    "dict",
    ...Object.entries(value).flatMap(([key, inner]) =>
      inner === undefined ? [] : [element("key", key), plistElement(inner)]
    ),
  );
}

function isList(
  value: readonly Plist[] | PlistDict,
): value is readonly Plist[] {
  return Array.isArray(value);
}
