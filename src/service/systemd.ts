/** Linux: a user's service or timer, with few rights. See systemd.exec(5). */
import type {
  ServiceFile,
  ServiceManager,
  ServiceSpec,
  ServiceUser,
} from "./service.ts";

const SERVICE = "offlineimap.service";
const TIMER = "offlineimap.timer";

/**
 * What a service of a user can give away. The runtime makes machine code, so
 * `MemoryDenyWriteExecute` is not among it; children are hooks of the user.
 */
const HARDENING = [
  "NoNewPrivileges=yes",
  "ProtectSystem=strict",
  "ProtectHome=read-only",
  "PrivateTmp=yes",
  "ProtectControlGroups=yes",
  "ProtectKernelTunables=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
  "RestrictNamespaces=yes",
  "RestrictRealtime=yes",
  "RestrictSUIDSGID=yes",
  "LockPersonality=yes",
  "SystemCallArchitectures=native",
  "UMask=0077",
];

/** A service of the user's own systemd. */
export function systemd({ home, configHome }: ServiceUser): ServiceManager {
  const folder = `${configHome ?? `${home}/.config`}/systemd/user`;
  const file = (name: string, lines: readonly string[]): ServiceFile => ({
    path: `${folder}/${name}`,
    bytes: new TextEncoder().encode(`${lines.join("\n")}\n`),
  });
  const unitOf = ({ everyMinutes }: Pick<ServiceSpec, "everyMinutes">) =>
    everyMinutes === undefined ? SERVICE : TIMER;
  return {
    title: (spec) => `systemd unit ${unitOf(spec)}`,
    files: (spec) => [
      file(SERVICE, serviceUnit(spec)),
      ...spec.everyMinutes === undefined
        ? []
        : [file(TIMER, timerUnit(spec.everyMinutes))],
    ],
    ready: () => user(["show-environment"]),
    stop: () => [user(["disable", "--now", TIMER, SERVICE], true)],
    start: (spec) => [
      user(["daemon-reload"]),
      user(["enable", "--now", unitOf(spec)]),
    ],
    forget: () => [user(["daemon-reload"], true)],
    paths: () => [`${folder}/${SERVICE}`, `${folder}/${TIMER}`],
    status: () => [
      user(["--no-pager", "status", TIMER, SERVICE], true),
    ],
    logs: () => ({
      command: {
        argv: [
          "journalctl",
          "--user",
          "--no-pager",
          "-n",
          "100",
          "-u",
          SERVICE,
        ],
      },
    }),
    remarks: () => [
      'It runs while you are logged in; "loginctl enable-linger" makes it run ' +
      "from the start of the machine on",
    ],
  };
}

function user(args: readonly string[], mayFail = false) {
  return { argv: ["systemctl", "--user", ...args] as const, mayFail };
}

function serviceUnit(spec: ServiceSpec): string[] {
  const forever = spec.everyMinutes === undefined;
  return [
    "[Unit]",
    "Description=OfflineIMAP: mail in step between server and Maildir",
    "Documentation=man:offlineimap(1)",
    "",
    "[Service]",
    `Type=${forever ? "exec" : "oneshot"}`,
    `ExecStart=${commandLine(spec.command)}`,
    `Environment=${quote(`PATH=${spec.searchPath}`)}`,
    ...forever ? ["Restart=on-failure", "RestartSec=30"] : [],
    // The message in hand is finished first.
    "TimeoutStopSec=60",
    ...HARDENING,
    ...spec.writable.map((path) => `ReadWritePaths=${quote(path)}`),
    ...forever ? ["", "[Install]", "WantedBy=default.target"] : [],
  ];
}

function timerUnit(minutes: number): string[] {
  return [
    "[Unit]",
    "Description=OfflineIMAP, again and again",
    "Documentation=man:offlineimap(1)",
    "",
    "[Timer]",
    "OnActiveSec=1s",
    // Counted from the end of a run: a long one is not followed at once.
    `OnUnitInactiveSec=${minutes}min`,
    "",
    "[Install]",
    "WantedBy=timers.target",
  ];
}

/** systemd.syntax(7): C-style escapes in double quotes; `%` begins a specifier. */
function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%")
    .replace(/[\0-\x1f]/g, (c) => `\\x${hex(c)}`);
  return `"${escaped}"`;
}

/**
 * What to start, as systemd.service(5), "Command lines", wants it. Variables are
 * put in for arguments, not in the name of the program; and that may not hold
 * quotes, backslashes or control characters, so that a shell starts such a one.
 */
function commandLine([program = "", ...args]: readonly string[]): string {
  const words = args.map(quoteArgument);
  if (!/["'\\\0-\x1f]/.test(program)) {
    return [quote(program), ...words].join(" ");
  }
  const script = quoteArgument('exec "$0" "$@"');
  return ['"/bin/sh" "-c"', script, quoteArgument(program), ...words].join(" ");
}

/** systemd.service(5), "Command lines": `$` begins a variable besides. */
function quoteArgument(text: string): string {
  return quote(text).replaceAll("$", "$$$$");
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, "0");
}
