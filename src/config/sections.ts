/** Which section is what, and finding one by the name of its account. */
import { didYouMean, nearest } from "./nearest.ts";
import type { SectionKind } from "./options.ts";
import { DEFAULT_SECTION, type ParsedConfig } from "./parse.ts";

/** What a section's header says. */
export interface SectionName {
  readonly kind: SectionKind;
  /** The account or repository; empty for the other kinds. */
  readonly name: string;
}

const KEYWORDS = { account: "Account", repository: "Repository" } as const;

/**
 * What the section is, by its header; undefined for one that is never read.
 *
 * Blanks round the name do not count. OfflineIMAP lists such accounts, too, but
 * then fails to find them.
 */
export function classifySection(header: string): SectionName | undefined {
  if (header === "general" || header === "mbnames") {
    return { kind: header, name: "" };
  }
  const match = /^(Account|Repository)\s+(\S|\S.*\S)\s*$/.exec(header);
  const [, keyword, name] = match ?? [];
  if (keyword === undefined || name === undefined) return undefined;
  return { kind: keyword === "Account" ? "account" : "repository", name };
}

/** The header of an account's or repository's section; undefined without one. */
export function findSection(
  config: ParsedConfig,
  kind: "account" | "repository",
  name: string,
): string | undefined {
  const exact = `${KEYWORDS[kind]} ${name}`;
  if (config.sections.has(exact)) return exact;
  return [...config.sections.keys()].find((header) => {
    const section = classifySection(header);
    return section?.kind === kind && section.name === name;
  });
}

/** The names of all accounts or repositories that have a section. */
function sectionNames(
  config: ParsedConfig,
  kind: "account" | "repository",
): string[] {
  return [...config.sections.keys()].flatMap((header) => {
    const section = classifySection(header);
    return section?.kind === kind ? section.name : [];
  });
}

/** `there is no section [Account X]`, with the nearest one that there is. */
export function missingSection(
  config: ParsedConfig,
  kind: "account" | "repository",
  name: string,
): string {
  const suggestion = didYouMean(name, sectionNames(config, kind));
  return `there is no section [${KEYWORDS[kind]} ${name}]${suggestion}`;
}

/** The header that the writer of an unknown one probably meant. */
export function nearestHeader(header: string): string | undefined {
  const [, first = "", rest = ""] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(header) ?? [];
  const words = [
    "general",
    "mbnames",
    DEFAULT_SECTION,
    "Account",
    "Repository",
  ];
  const word = nearest(first, words);
  if (word === undefined) return undefined;
  const named = word === "Account" || word === "Repository";
  if (named) return `${word} ${rest === "" ? "NAME" : rest}`;
  return rest === "" ? word : undefined;
}
