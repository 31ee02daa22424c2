/** From a file and the flags of a run to the typed configuration. */
import { MailError } from "../errors.ts";
import { checkConfig } from "./check_config.ts";
import { checkOwners } from "./check_owner.ts";
import {
  type AccountConfig,
  type Config,
  type FailedAccount,
  type FailedMbnames,
  type GeneralConfig,
  isUsable,
  type MbnamesConfig,
} from "./config.ts";
import { absolutePath, expandPath } from "./expand_path.ts";
import { type ConfigText, readConfigText } from "./find_config.ts";
import { foldersOf } from "./folder_list.ts";
import { currentHost, type Host } from "./host.ts";
import { splitList } from "./option_builders.ts";
import { GENERAL_OPTIONS } from "./options_general.ts";
import { MBNAMES_OPTIONS } from "./options_mbnames.ts";
import { applyOverrides, type Overrides } from "./overrides.ts";
import { parseConfig, type ParsedConfig } from "./parse.ts";
import { readOptions } from "./read_options.ts";
import { type ConfigWarning, formatPlace, Report } from "./report.ts";
import { resolveAccount } from "./resolve_account.ts";
import { findSection, missingSection } from "./sections.ts";
import { refuseSharedRoots } from "./shared_roots.ts";

export type { Overrides } from "./overrides.ts";

/** OfflineIMAP's metadata folder, so that its state is found and taken over. */
const DEFAULT_METADATA = "~/.offlineimap";

/** On Windows, where it does not travel with the user from machine to machine. */
const WINDOWS_METADATA = "%LOCALAPPDATA%\\offlineimap";

/**
 * Find, read and check the configuration.
 *
 * @param given The file of `-c`, if any.
 * @throws {MailError} As {@link readConfigText} and {@link loadConfig} do.
 */
export async function readConfig(
  overrides: Overrides = {},
  given?: string,
  host: Host = currentHost(),
): Promise<Config> {
  const found = await readConfigText(host, given);
  const config = loadConfig(found, overrides, host);
  const { pythonFile } = config.general;
  const files = [found.file, ...pythonFile === undefined ? [] : [pythonFile]];
  const owned = { platform: host.platform, uid: Deno.uid(), gid: Deno.gid() };
  const warnings = await checkOwners(files, owned);
  return { ...config, warnings: [...warnings, ...config.warnings] };
}

/**
 * The typed configuration of a text. Reads no file.
 *
 * What is wrong with one account becomes a {@link FailedAccount}.
 *
 * @throws {MailError} For what concerns the run: `config.syntax`,
 * `config.override`, `config.missing` or `config.value` in `[general]`,
 * `config.account` for an unknown name in `-a`.
 */
export function loadConfig(
  { file, text }: ConfigText,
  overrides: Overrides,
  host: Host,
): Config {
  const config = applyOverrides(parseConfig(text, file), overrides);
  const report = new Report();
  const { general, names } = resolveGeneral(config, overrides, host, report);
  const mbnames = resolveMbnames(config, host, report);
  const error = report.toError("Cannot use the configuration", "run");
  if (error !== undefined) throw error;
  const unknown = new Report();
  checkConfig(config, unknown);
  const resolved = names.map((name) =>
    resolveAccount(name, {
      config,
      host,
      general,
      onlyFolders: overrides.folders === undefined
        ? undefined
        : foldersOf(overrides.folders, name, names),
    })
  );
  const accounts = refuseSharedRoots(
    resolved.map(({ account }) => account),
    host,
  );
  return {
    file,
    general,
    mbnames,
    accounts,
    warnings: withoutTwins([
      ...unknown.warnings,
      ...report.warnings,
      ...resolved.flatMap(({ warnings }) => warnings),
    ]),
  };
}

/** The accounts of a configuration that can be synchronised. */
export function usableAccounts({ accounts }: Config): AccountConfig[] {
  return accounts.filter(isUsable);
}

/** The accounts of a configuration that cannot, with the reason. */
export function failedAccounts({ accounts }: Config): FailedAccount[] {
  return accounts.flatMap((account) => "error" in account ? account : []);
}

function resolveGeneral(
  config: ParsedConfig,
  overrides: Overrides,
  host: Host,
  report: Report,
): { general: GeneralConfig; names: string[] } {
  const section = "general";
  if (!config.sections.has(section)) {
    throw new MailError(`${config.file} has no section [general]`, {
      code: "config.missing",
      scope: "run",
      retry: "never",
    });
  }
  const { accounts, metadata, ...values } = readOptions(
    GENERAL_OPTIONS,
    { config, host, report, section },
  );
  const nowhere = defaultMetadata(host) === DEFAULT_METADATA &&
    host.home === undefined;
  if (metadata === undefined && nowhere) {
    report.fail(
      "config.missing",
      config.file,
      '[general] has no option "metadata", and your home folder is not known',
    );
  }
  const sequential = overrides.sequential ?? false;
  return {
    general: {
      ...values,
      ...(sequential ? { maxSyncAccounts: 1 } : {}),
      metadata: metadata ?? expandPath(defaultMetadata(host), host),
      sequential,
      logFile: overrides.logFile === undefined
        ? undefined
        : absolutePath(overrides.logFile, host),
    },
    names: chooseAccounts(config, overrides, accounts ?? [], report),
  };
}

function defaultMetadata(host: Host): string {
  return host.platform === "windows" && host.env("LOCALAPPDATA") !== undefined
    ? WINDOWS_METADATA
    : DEFAULT_METADATA;
}

function chooseAccounts(
  config: ParsedConfig,
  { accounts: flag }: Overrides,
  listed: readonly string[],
  report: Report,
): string[] {
  const names = flag === undefined ? listed : splitList(flag);
  if (names.length === 0) {
    const line = config.sections.get("general")?.line ?? 0;
    report.fail(
      "config.missing",
      flag === undefined ? formatPlace(config.file, line) : "-a",
      flag === undefined
        ? '[general] has no option "accounts" that names an account'
        : "it names no account",
    );
  }
  // A name in the file fails alone; one typed just now stops everything, as in
  // OfflineIMAP, before anything is done that was not meant.
  const unknown = names.find((name) =>
    flag !== undefined && findSection(config, "account", name) === undefined
  );
  if (unknown !== undefined) {
    report.fail(
      "config.account",
      "-a",
      `in ${config.file} ${missingSection(config, "account", unknown)}`,
    );
  }
  return [...new Set(names)];
}

/**
 * OfflineIMAP stops on a mistake here even when the list is switched off; a list
 * for a mail client is no reason to get no mail.
 */
function resolveMbnames(
  config: ParsedConfig,
  host: Host,
  report: Report,
): MbnamesConfig | FailedMbnames | undefined {
  const section = config.sections.get("mbnames");
  if (section === undefined) return undefined;
  const own = new Report();
  const { enabled, ...values } = readOptions(MBNAMES_OPTIONS, {
    config,
    host,
    report: own,
    section: section.name,
  });
  // Undefined: it could not be read.
  if (enabled === false) return undefined;
  const { filename, header, perItem, separator, footer } = values;
  const needed = { filename, header, peritem: perItem, sep: separator, footer };
  if (!own.failed) {
    for (const [name, value] of Object.entries(needed)) {
      if (value !== undefined) continue;
      own.fail(
        "config.missing",
        formatPlace(config.file, section.line),
        `[mbnames] has no option "${name}"`,
      );
    }
  }
  const error = own.toError("No list of folders is written", "run");
  if (
    error !== undefined || filename === undefined || header === undefined ||
    perItem === undefined || separator === undefined || footer === undefined
  ) return error && { error };
  report.warnings.push(...own.warnings);
  return { ...values, filename, header, perItem, separator, footer };
}

/** Two accounts that share a section would report the same thing twice. */
function withoutTwins(warnings: readonly ConfigWarning[]): ConfigWarning[] {
  return [...new Map(warnings.map((w) => [w.message, w])).values()];
}
