/** Which mailboxes of two sides belong together, and which must be created. */
import type { Side } from "./types.ts";

/** A mailbox of one side with what the configuration makes of its name. */
export interface NamedMailbox {
  /** The side's own name. */
  readonly name: string;
  /** What the other side calls it: after nametrans, with the other's separator. */
  readonly visible: string;
  /** Passed folderfilter and folderincludes. */
  readonly accepted: boolean;
  /**
   * For a mailbox that would be created from this one: what its own nametrans
   * makes of `visible` again. Must be `name`, or folders would breed.
   */
  readonly back?: string;
  /** Whether the other side's folderfilter accepts `visible`. @default true */
  readonly acceptedThere?: boolean;
  /** Why it must not be created across: no listing would show it there, or show it otherwise. */
  readonly obstacle?: "outside" | "separator";
}

/** Two mailboxes that are kept in step. */
export interface MailboxPair {
  readonly remote: string;
  readonly local: string;
  /** The sides on which it must be created first. */
  readonly create?: Side;
}

/** A mailbox that cannot be synchronised, and why. */
export interface PairingProblem {
  readonly kind:
    | "collision"
    /** Different names that a file system takes for one. */
    | "alike"
    | "not-inverse"
    | "missing"
    | "outside"
    | "separator";
  readonly side: Side;
  readonly name: string;
  /** What it would be called across, or whom it meets. */
  readonly other: string;
}

/** How mailboxes are paired. */
export interface PairingOptions {
  /** Whether mailboxes may be created on a side. */
  readonly mayCreate: Readonly<Record<Side, boolean>>;
  /** Whether two names mean the same mailbox on a side (INBOX, case folding). */
  readonly sameName: Readonly<Record<Side, (name: string) => string>>;
  /** As `sameName.local`, as far as two names are one directory. @default by letter */
  readonly sameFile?: (name: string) => string;
}

/** The outcome of {@link pairMailboxes}. */
export interface Pairing {
  readonly pairs: readonly MailboxPair[];
  readonly problems: readonly PairingProblem[];
}

/**
 * Pairs the mailboxes of both sides by their visible names.
 *
 * As OfflineIMAP: a remote mailbox that passes its filter is created locally; a
 * local one that passes its own filter is created remotely if the remote filter
 * accepts it and nametrans leads back. What OfflineIMAP got wrong: a folder that
 * the local filter rejects is not created (it stayed empty), two mailboxes that
 * meet in one are refused instead of mixed, and a problem stops only the mailbox
 * that has it.
 */
export function pairMailboxes(
  remote: readonly NamedMailbox[],
  local: readonly NamedMailbox[],
  options: PairingOptions,
): Pairing {
  const problems: PairingProblem[] = [];
  const { sameName: key, sameFile = (name) => name } = options;
  const localByKey = new Map(local.map((m) => [key.local(m.name), m]));
  const localByName = new Map(local.map((m) => [m.name, m]));
  const remoteNames = new Set(remote.map((m) => key.remote(m.name)));
  const claimed = claims(remote, key.local, problems);
  const pairs: MailboxPair[] = [];
  for (const mailbox of remote) {
    if (!mailbox.accepted) continue;
    if (claimed.get(key.local(mailbox.visible)) !== mailbox) continue;
    // Where Inbox and INBOX are both there, each goes with its namesake.
    const partner = localByName.get(mailbox.visible) ??
      localByKey.get(key.local(mailbox.visible));
    if (!(partner?.accepted ?? mailbox.acceptedThere ?? true)) continue;
    if (partner !== undefined) {
      pairs.push({
        remote: mailbox.name,
        // Under another spelling of the same directory the status would be lost.
        local: sameFile(partner.name) === sameFile(mailbox.visible)
          ? mailbox.visible
          : partner.name,
      });
    } else if (options.mayCreate.local && mailbox.obstacle !== undefined) {
      problems.push({
        kind: mailbox.obstacle,
        side: "remote",
        name: mailbox.name,
        other: mailbox.visible,
      });
    } else if (options.mayCreate.local) {
      pairs.push({
        remote: mailbox.name,
        local: mailbox.visible,
        create: "local",
      });
    } else {
      problems.push({
        kind: "missing",
        side: "local",
        name: mailbox.visible,
        other: mailbox.name,
      });
    }
  }
  if (options.mayCreate.remote) {
    pairs.push(
      ...missingRemotely(local, remoteNames, claimed, options, problems),
    );
  }
  return { pairs, problems };
}

/** Who owns each local name; all who meet in one name are refused. */
function claims(
  remote: readonly NamedMailbox[],
  key: (name: string) => string,
  problems: PairingProblem[],
): Map<string, NamedMailbox> {
  const claimed = new Map<string, NamedMailbox>();
  const refused = new Map<string, NamedMailbox>();
  for (const mailbox of remote) {
    if (!mailbox.accepted) continue;
    const name = key(mailbox.visible);
    const first = claimed.get(name) ?? refused.get(name);
    if (first === undefined) claimed.set(name, mailbox);
    else if (first.name !== mailbox.name) {
      problems.push({
        kind: mailbox.visible === first.visible ? "collision" : "alike",
        side: "remote",
        name: mailbox.name,
        other: first.name,
      });
      claimed.delete(name);
      refused.set(name, first);
    }
  }
  return claimed;
}

function missingRemotely(
  local: readonly NamedMailbox[],
  remoteNames: ReadonlySet<string>,
  claimed: ReadonlyMap<string, NamedMailbox>,
  options: PairingOptions,
  problems: PairingProblem[],
): MailboxPair[] {
  const pairs: MailboxPair[] = [];
  const wanted = new Map<string, string>();
  for (const mailbox of local) {
    if (!mailbox.accepted || mailbox.acceptedThere === false) continue;
    if (claimed.has(options.sameName.local(mailbox.name))) continue;
    const name = options.sameName.remote(mailbox.visible);
    if (remoteNames.has(name)) continue;
    if (mailbox.obstacle !== undefined) {
      problems.push({
        kind: mailbox.obstacle,
        side: "local",
        name: mailbox.name,
        other: mailbox.visible,
      });
      continue;
    }
    if (mailbox.back !== undefined && mailbox.back !== mailbox.name) {
      problems.push({
        kind: "not-inverse",
        side: "local",
        name: mailbox.name,
        other: mailbox.visible,
      });
      continue;
    }
    const rival = wanted.get(name);
    if (rival !== undefined) {
      problems.push({
        kind: "collision",
        side: "local",
        name: mailbox.name,
        other: rival,
      });
      continue;
    }
    wanted.set(name, mailbox.name);
    pairs.push({
      remote: mailbox.visible,
      local: mailbox.name,
      create: "remote",
    });
  }
  return pairs;
}
