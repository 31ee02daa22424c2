/** Windows: a scheduled task of the user. See the Task Scheduler's XML schema. */
import type { ServiceManager, ServiceSpec } from "./service.ts";
import { type Element, element, formatElement } from "./xml.ts";

const NAME = "OfflineIMAP";
const NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task";

/**
 * A task that runs while the user is logged in.
 * @param folder Where its description is kept, absolute.
 */
export function taskScheduler(folder: string): ServiceManager {
  const path = `${folder}\\offlineimap-task.xml`;
  return {
    title: () => `scheduled task ${NAME}`,
    files: (spec) => [{ path, bytes: utf16(taskXml(spec)) }],
    ready: () => ({ argv: ["schtasks", "/Query"] }),
    stop: () => [
      { argv: ["schtasks", "/End", "/TN", NAME], mayFail: true },
      { argv: ["schtasks", "/Delete", "/F", "/TN", NAME], mayFail: true },
    ],
    start: () => [
      { argv: ["schtasks", "/Create", "/F", "/TN", NAME, "/XML", path] },
      { argv: ["schtasks", "/Run", "/TN", NAME] },
    ],
    forget: () => [],
    paths: () => [path],
    status: () => [{
      argv: ["schtasks", "/Query", "/V", "/FO", "LIST", "/TN", NAME],
      mayFail: true,
    }],
    logs: ({ logFile }) => ({ file: logFile }),
    remarks: () => [],
  };
}

function taskXml(spec: ServiceSpec): string {
  const task: Element = {
    name: "Task",
    attributes: { version: "1.2", xmlns: NAMESPACE },
    children: [
      element(
        "RegistrationInfo",
        element(
          "Description",
          "OfflineIMAP: mail in step between server and Maildir",
        ),
      ),
      element("Triggers", trigger(spec)),
      element("Principals", {
        name: "Principal",
        attributes: { id: "Author" },
        children: [
          element("LogonType", "InteractiveToken"),
          element("RunLevel", "LeastPrivilege"),
        ],
      }),
      settings(spec),
      { ...action(spec), attributes: { Context: "Author" } },
    ],
  };
  return `<?xml version="1.0" encoding="UTF-16"?>\n${formatElement(task)}`;
}

/** From the logging in on, and then again and again without an end. */
function trigger({ everyMinutes }: ServiceSpec): Element {
  return element(
    "LogonTrigger",
    everyMinutes === undefined ? undefined : element(
      "Repetition",
      element("Interval", `PT${everyMinutes}M`),
      element("StopAtDurationEnd", "false"),
    ),
    element("Enabled", "true"),
  );
}

/** The order of these is the schema's. */
function settings({ everyMinutes }: ServiceSpec): Element {
  return element(
    "Settings",
    // A run that takes longer than the interval is not joined by another.
    element("MultipleInstancesPolicy", "IgnoreNew"),
    element("DisallowStartIfOnBatteries", "false"),
    element("StopIfGoingOnBatteries", "false"),
    element("AllowHardTerminate", "true"),
    element("StartWhenAvailable", "true"),
    element("RunOnlyIfNetworkAvailable", "false"),
    element("Enabled", "true"),
    element("Hidden", "false"),
    element("RunOnlyIfIdle", "false"),
    element("WakeToRun", "false"),
    element("ExecutionTimeLimit", "PT0S"),
    element("Priority", "7"),
    everyMinutes !== undefined ? undefined : element(
      "RestartOnFailure",
      element("Interval", "PT1M"),
      element("Count", "255"),
    ),
  );
}

/** Through a console without a window: one would pop up at every run. */
function action({ command, logFile }: ServiceSpec): Element {
  const all = ["--headless", ...command, "-l", logFile];
  return element(
    "Actions",
    element(
      "Exec",
      element("Command", "%SystemRoot%\\System32\\conhost.exe"),
      element("Arguments", all.map(quoteWindowsArgument).join(" ")),
    ),
  );
}

/**
 * An argument as the C runtime's `CommandLineToArgvW` reads it back: backslashes
 * count double before a quote only.
 */
export function quoteWindowsArgument(text: string): string {
  if (text !== "" && !/[\s"]/.test(text)) return text;
  const escaped = text.replace(
    /(\\*)("|$)/g,
    (_, slashes, quote) => slashes + slashes + (quote === '"' ? '\\"' : ""),
  );
  return `"${escaped}"`;
}

/** What `schtasks` reads: UTF-16, little end first, with its mark. */
function utf16(text: string): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 + 2 * text.length));
  bytes.setUint16(0, 0xfeff, true);
  for (let at = 0; at < text.length; at++) {
    bytes.setUint16(2 + 2 * at, text.charCodeAt(at), true);
  }
  return new Uint8Array(bytes.buffer);
}
