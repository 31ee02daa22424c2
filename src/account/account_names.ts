/** What the mailboxes of an account are called, on either side and in texts. */
import { isImap } from "../config/config.ts";
import type { MailboxNames } from "../events.ts";
import { isInbox } from "../imap/mailbox_name.ts";
import { ImapStore } from "../imap/store/store.ts";
import { mailboxMark } from "../maildir/filename.ts";
import { MaildirStore } from "../maildir/store.ts";
import type { MailboxInfo } from "../sync/ports.ts";
import { type Side, SIDES } from "../sync/types.ts";
import type { AccountIo, AccountRun } from "./api.ts";
import { listRemote, type RemoteListing } from "./list_remote.ts";
import {
  type NamedPair,
  nameMailboxes,
  type NameRules,
  type Names,
} from "./naming.ts";
import { serverRules, type SideRules } from "./side_rules.ts";
import { unsubscribedNotice, withoutUnsubscribed } from "./unsubscribed.ts";

/** A side of an account, and what its options say about names. */
export interface NamedSide<Kind> {
  readonly store: Kind;
  readonly rules: SideRules;
}

/** What the names of an account come from. */
export interface NameSources {
  readonly remote: NamedSide<ImapStore>;
  readonly local: NamedSide<MaildirStore | ImapStore>;
  /** Local names after nametrans, to be filled by {@link AccountNames.pair}. */
  readonly marks: Map<string, string>;
}

/** The names of an account's mailboxes. */
export class AccountNames {
  readonly #run: AccountRun;
  readonly #io: AccountIo;
  readonly #sources: NameSources;

  constructor(run: AccountRun, io: AccountIo, sources: NameSources) {
    this.#run = run;
    this.#io = io;
    this.#sources = sources;
  }

  /** The mark of a local mailbox in file names. Known after {@link pair}. */
  markOf(localName: string): string {
    const { local, marks } = this.#sources;
    return mailboxMark(
      marks.get(localName) ?? localName,
      local.store.separator,
    );
  }

  /** All names of a pair, for reports. Known after {@link pair}. */
  of({ remote, visible, local }: NamedPair): MailboxNames {
    return {
      remote,
      remoteVisible: visible,
      local,
      localVisible: this.#sources.marks.get(local) ?? local,
    };
  }

  /** Lists a side; of a server, with what folderincludes names beyond LIST. */
  async list(side: Side): Promise<RemoteListing> {
    const { account } = this.#run;
    const { store, rules } = this.#sources[side];
    if (!isImap(account[side])) {
      return { mailboxes: await store.list(), problems: [] };
    }
    return await listRemote(store, {
      repository: account[side].name,
      included: rules.included,
      utf8Names: account.utf8FolderNames,
      signal: this.#io.signal,
    });
  }

  /** The name rules of both sides; separators are known after a listing. */
  rules(): { remote: NameRules; local: NameRules } {
    const { account } = this.#run;
    const { remote, local } = this.#sources;
    // Names on a server differ when their letters do; file systems fold them.
    const foldFile = (name: string) =>
      local.store instanceof MaildirStore
        ? local.store.directoryKey(name)
        : name;
    return {
      remote: {
        ...remote.rules,
        repository: account.remote.name,
        separator: remote.store.separator,
        mayCreate: account.remote.createFolders && !account.remote.readonly,
        // RFC 9051 §5.1: INBOX alone is case-insensitive.
        fold: (name) => isInbox(name) ? "INBOX" : name,
        ...serverRules(account.remote, remote.store),
      },
      local: {
        ...local.rules,
        repository: account.local.name,
        isServer: isImap(account.local),
        separator: local.store.separator,
        mayCreate: account.local.createFolders && !account.local.readonly,
        fold: (name) => isInbox(name) ? "INBOX" : foldFile(name),
        foldFile,
        ...serverRules(account.local, local.store),
      },
    };
  }

  /** Pairs the mailboxes of both listings. */
  async pair(
    remote: readonly MailboxInfo[],
    local: readonly MailboxInfo[],
  ): Promise<Names> {
    const rules = this.rules();
    let names = await nameMailboxes(remote, local, rules);
    for (const side of SIDES) names = await this.#subscribed(names, side);
    for (const { local: name } of names.pairs) {
      this.#sources.marks.set(name, await rules.local.translate(name));
    }
    return names;
  }

  /** Without what is on the server and not subscribed: that is left alone. */
  async #subscribed(names: Names, side: Side): Promise<Names> {
    const { account, options } = this.#run;
    const { store } = this.#sources[side];
    if (!(store instanceof ImapStore) || !store.options.subscribedOnly) {
      return names;
    }
    if (!names.pairs.some(({ create }) => create === side)) return names;
    const existing = await store.listNames();
    const { kept, left } = withoutUnsubscribed(names.pairs, existing, side);
    // Told by full syncs, not each time that something is heard of a folder.
    if (left.length > 0 && options.focus === undefined) {
      this.#io.emit({
        type: "notice",
        account: account.name,
        text: unsubscribedNotice(
          account[side].name,
          left.map((pair) => pair[side]),
        ),
      });
    }
    return { ...names, pairs: kept };
  }
}
