/** What keeps mail in step without anybody at the keyboard, as values. */

/** What the system shall run. */
export interface ServiceSpec {
  /** The program and its arguments, without those about when to run. */
  readonly command: readonly string[];
  /** Minutes between two runs; undefined: one run that goes on for ever. */
  readonly everyMinutes: number | undefined;
  /** Folders that it may write to, absolute. */
  readonly writable: readonly string[];
  /** Where the programs of hooks and password commands are looked for. */
  readonly searchPath: string;
  /** Where its words go, on systems that keep no log of their own; absolute. */
  readonly logFile: string;
}

/** Whose service it is. */
export interface ServiceUser {
  /** Absolute. */
  readonly home: string;
  /** The number of the user, where there is such a thing. */
  readonly uid: number | undefined;
  /** `XDG_CONFIG_HOME`, if it is set. */
  readonly configHome: string | undefined;
}

/** A file that makes the system run it. */
export interface ServiceFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A program of the system and its arguments. */
export interface SystemCommand {
  readonly argv: readonly [string, ...string[]];
  /** It fails where there is nothing to do, which is no problem. */
  readonly mayFail?: boolean;
}

/** Where to read what the service said. */
export type LogSource =
  | { readonly command: SystemCommand }
  | { readonly file: string };

/** How one system runs things by itself. */
export interface ServiceManager {
  /** What it is called there, for people: "systemd unit offlineimap.timer". */
  title(spec: Pick<ServiceSpec, "everyMinutes">): string;
  /** The files of a service. */
  files(spec: ServiceSpec): readonly ServiceFile[];
  /** All files that any kind of service has: the others are removed. */
  paths(): readonly string[];
  /** Succeeds, and shows nothing, where the system can run things by itself. */
  ready(): SystemCommand;
  /** Stops what may be installed, before files are changed or removed. */
  stop(): readonly SystemCommand[];
  /** Makes the system take the files, and starts. */
  start(spec: ServiceSpec): readonly SystemCommand[];
  /** After all files are gone. */
  forget(): readonly SystemCommand[];
  /** Shows whether it runs, and how its last run ended. */
  status(): readonly SystemCommand[];
  logs(spec: Pick<ServiceSpec, "logFile">): LogSource;
  /** What the user should know besides, as sentences. */
  remarks(): readonly string[];
}
