/** From two listings and the user's name rules to pairs of mailboxes. */
import { MailError } from "../errors.ts";
import {
  type MailboxPair,
  type NamedMailbox,
  type PairingProblem,
  pairMailboxes,
} from "../sync/pair_mailboxes.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import { otherSide, type Side } from "../sync/types.ts";

/** What a repository's options say about names. */
export interface NameRules {
  readonly repository: string;
  readonly separator: string;
  /** nametrans: the raw name to what the other side sees. */
  readonly translate: (name: string) => Promise<string>;
  /** folderfilter and folderincludes; takes the raw name. */
  readonly accepts: (name: string) => Promise<boolean>;
  /** createfolders and not readonly. */
  readonly mayCreate: boolean;
  /** It has a separator of its own, which no option changes. @default false */
  readonly isServer?: boolean;
  /** Names that mean the same mailbox give the same text. */
  readonly fold: (name: string) => string;
  /** As `fold`, as far as it is the file system's doing. @default none does so */
  readonly foldFile?: (name: string) => string;
  /** decodefoldernames: the repository's own spelling of a name from the other side. */
  readonly spell?: (across: string) => string;
  /** The `reference`, and whether a listing would show a name. @default all */
  readonly within?: {
    readonly reference: string;
    readonly lists: (name: string) => boolean;
  };
}

/** A pair with the names of OfflineIMAP's files that belong to it. */
export interface NamedPair extends MailboxPair {
  /** The remote name after nametrans, with the remote's separator. */
  readonly visible: string;
}

/** What came of two listings. */
export interface Names {
  readonly pairs: readonly NamedPair[];
  readonly problems: readonly MailError[];
  /** Local mailboxes that would be created on the other side, but for a problem. */
  readonly unpaired: readonly string[];
}

/**
 * The name on the other side: translated, a bare separator meaning the top
 * folder, own separators replaced by the other's (OfflineIMAP's rule).
 */
export async function nameAcross(
  name: string,
  from: NameRules,
  to: NameRules,
): Promise<{ visible: string; across: string }> {
  const translated = await from.translate(name);
  const visible = translated === from.separator ? "" : translated;
  const across = visible.replaceAll(from.separator, to.separator);
  return { visible, across: to.spell?.(across) ?? across };
}

/** Pairs the mailboxes of both repositories and says what cannot be paired. */
export async function nameMailboxes(
  remote: readonly MailboxInfo[],
  local: readonly MailboxInfo[],
  rules: Readonly<Record<Side, NameRules>>,
): Promise<Names> {
  const problems: MailError[] = [];
  const visible = new Map<string, string>();
  const remoteNamed: NamedMailbox[] = [];
  for (const { name } of remote) {
    const accepted = await rules.remote.accepts(name);
    if (!accepted) {
      remoteNamed.push({ name, visible: name, accepted });
      continue;
    }
    const named = await nameAcross(name, rules.remote, rules.local);
    const clash = separatorClash(name, named.visible, rules);
    if (clash) problems.push(separatorProblem(name, rules));
    visible.set(name, named.visible);
    remoteNamed.push({
      name,
      visible: named.across,
      accepted: !clash,
      acceptedThere: await rules.local.accepts(named.across),
      ...(isOutside(named.across, rules.local) ? { obstacle: "outside" } : {}),
    });
  }
  const localNamed: NamedMailbox[] = [];
  for (const { name } of local) {
    const accepted = await rules.local.accepts(name);
    if (!accepted) {
      localNamed.push({ name, visible: name, accepted });
      continue;
    }
    const named = await nameAcross(name, rules.local, rules.remote);
    const { across } = named;
    const acceptedThere = across !== "" && await rules.remote.accepts(across);
    const back = acceptedThere
      ? await nameAcross(across, rules.remote, rules.local)
      : undefined;
    if (back !== undefined) visible.set(across, back.visible);
    const obstacle = back?.across === name
      ? undefined
      : localSeparatorObstacle(name, named.visible, rules);
    localNamed.push({
      name,
      visible: across,
      accepted,
      acceptedThere,
      ...(back === undefined ? {} : { back: back.across }),
      ...(isOutside(across, rules.remote) ? { obstacle: "outside" } : obstacle),
    });
  }
  const pairing = pairMailboxes(remoteNamed, localNamed, {
    mayCreate: {
      remote: rules.remote.mayCreate,
      local: rules.local.mayCreate,
    },
    sameName: { remote: rules.remote.fold, local: rules.local.fold },
    sameFile: rules.local.foldFile ?? ((name) => name),
  });
  return {
    pairs: pairing.pairs.map((pair) => ({
      ...pair,
      visible: visible.get(pair.remote) ?? pair.remote,
    })),
    problems: [
      ...problems,
      ...pairing.problems.map((problem) => describe(problem, rules)),
    ],
    unpaired: pairing.problems
      .filter(({ kind, side }) => side === "local" && kind !== "missing")
      .map(({ name }) => name),
  };
}

/** Whether `reference` hides a name of a side. */
function isOutside(name: string, { within }: NameRules): boolean {
  return within?.lists(name) === false;
}

/**
 * The local separator inside a remote name would be taken for a level. One that
 * nametrans puts there is meant as such, as in `name.replace("/", ".")`.
 */
function separatorClash(
  name: string,
  visible: string,
  { remote, local }: Readonly<Record<Side, NameRules>>,
): boolean {
  const { separator } = local;
  return separator !== remote.separator && separator !== "/" &&
    name.includes(separator) && visible.includes(separator);
}

/**
 * The other way round: what separates levels on the server, in the name of a
 * local folder, would make levels there.
 */
function localSeparatorObstacle(
  name: string,
  visible: string,
  { remote, local }: Readonly<Record<Side, NameRules>>,
): { obstacle: "separator" } | undefined {
  const { separator } = remote;
  const holds = separator !== local.separator && name.includes(separator) &&
    visible.includes(separator);
  return holds ? { obstacle: "separator" } : undefined;
}

function separatorProblem(
  name: string,
  { remote, local }: Readonly<Record<Side, NameRules>>,
): MailError {
  return new MailError(
    `Folder "${name}" of repository ${remote.repository} is skipped: its name ` +
      `holds "${local.separator}", which separates levels in repository ` +
      local.repository,
    {
      code: "names.separator",
      scope: "mailbox",
      retry: "never",
      hint: local.isServer === true
        ? `Give the folder another name with nametrans in ` +
          `[Repository ${remote.repository}]`
        : `Set sep = / in [Repository ${local.repository}], or give the ` +
          "folder another name with nametrans in " +
          `[Repository ${remote.repository}]`,
    },
  );
}

function describe(
  problem: PairingProblem,
  rules: Readonly<Record<Side, NameRules>>,
): MailError {
  const { kind, side, name, other } = problem;
  const here = rules[side].repository;
  const there = rules[otherSide(side)];
  const options = { scope: "mailbox", retry: "never" } as const;
  switch (kind) {
    case "collision":
      return new MailError(
        `Folders "${other}" and "${name}" of repository ${here} have the same ` +
          "name on the other side: neither is synchronised",
        {
          ...options,
          code: "names.collision",
          hint: `Change nametrans or folderfilter in [Repository ${here}] so ` +
            "that every folder has a name of its own",
        },
      );
    case "alike":
      return new MailError(
        `Folders "${other}" and "${name}" of repository ${here} would be one ` +
          `folder in repository ${rules[otherSide(side)].repository}, since ` +
          "its file system takes their names for the same: neither is " +
          "synchronised",
        {
          ...options,
          code: "names.alike",
          hint: `Give one of them another local name with nametrans in ` +
            `[Repository ${here}], or leave it out with folderfilter`,
        },
      );
    case "outside":
      return new MailError(
        `Folder "${name}" of repository ${here} is not created as "${other}" ` +
          "on the other side: only folders whose names begin with " +
          `"${there.within?.reference}" are listed there (reference)`,
        {
          ...options,
          code: "names.reference",
          hint: `Let nametrans in [Repository ${here}] put that before the ` +
            `name, and nametrans in [Repository ${there.repository}] ` +
            "take it away",
        },
      );
    case "separator":
      return new MailError(
        `Folder "${name}" of repository ${here} is not created on the other ` +
          `side: its name holds "${rules.remote.separator}", which separates ` +
          `levels in repository ${rules.remote.repository}`,
        {
          ...options,
          code: "names.separator",
          hint:
            `Give it another name, or translate it with nametrans in both ` +
            "repositories",
        },
      );
    case "not-inverse":
      return new MailError(
        `Folder "${name}" of repository ${here} would be created as "${other}" ` +
          "on the other side, and that would come back under another name: " +
          "folders would breed",
        {
          ...options,
          code: "names.inverse",
          hint: "Make nametrans of both repositories the inverse of each " +
            "other, or set createfolders = no",
        },
      );
    case "missing":
      return new MailError(
        `Folder "${other}" is skipped: repository ${here} has no folder ` +
          `"${name}" and may not create one`,
        {
          ...options,
          code: "names.missing",
          hint: `Create it, or set createfolders = yes in [Repository ${here}]`,
        },
      );
    default:
      return kind satisfies never;
  }
}
