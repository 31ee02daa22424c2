/** All commands by name. */
import { command, type CommandSpec } from "./call.ts";
import { append } from "./commands/append.ts";
import {
  capability,
  enable,
  id,
  logout,
  namespace,
  noop,
} from "./commands/basic.ts";
import { copy, move } from "./commands/copy_move.ts";
import { expunge, uidExpunge } from "./commands/expunge.ts";
import { fetch } from "./commands/fetch.ts";
import { idle } from "./commands/idle.ts";
import { compress, startTls } from "./commands/layers.ts";
import { list, lsub } from "./commands/list.ts";
import { authenticate, login } from "./commands/login.ts";
import {
  create,
  remove,
  rename,
  subscribe,
  unsubscribe,
} from "./commands/mailboxes.ts";
import { notify } from "./commands/notify.ts";
import { search } from "./commands/search.ts";
import { close, select, unselect } from "./commands/select.ts";
import { status } from "./commands/status.ts";
import { store } from "./commands/store.ts";

/** The commands; EXPUNGE is never announced during FETCH, STORE and SEARCH. */
export const COMMANDS: ReadonlyMap<string, CommandSpec> = new Map([
  ["CAPABILITY", command("any", capability)],
  ["NOOP", command("any", noop)],
  ["LOGOUT", command("any", logout)],
  ["ID", command("any", id)],
  ["STARTTLS", command("not-authenticated", startTls)],
  ["COMPRESS", command("authenticated", compress)],
  ["LOGIN", command("not-authenticated", login)],
  ["AUTHENTICATE", command("not-authenticated", authenticate)],
  ["NAMESPACE", command("authenticated", namespace)],
  ["ENABLE", command("authenticated", enable)],
  ["SELECT", command("authenticated", select)],
  ["EXAMINE", command("authenticated", select)],
  ["CREATE", command("authenticated", create)],
  ["DELETE", command("authenticated", remove)],
  ["RENAME", command("authenticated", rename)],
  ["SUBSCRIBE", command("authenticated", subscribe)],
  ["UNSUBSCRIBE", command("authenticated", unsubscribe)],
  ["LIST", command("authenticated", list)],
  ["LSUB", command("authenticated", lsub)],
  ["STATUS", command("authenticated", status)],
  ["APPEND", command("authenticated", append)],
  ["IDLE", command("authenticated", idle)],
  ["NOTIFY", command("authenticated", notify)],
  ["CHECK", command("selected", noop)],
  ["CLOSE", command("selected", close)],
  ["UNSELECT", command("selected", unselect)],
  ["EXPUNGE", command("selected", expunge)],
  ["UID EXPUNGE", command("selected", uidExpunge)],
  ["SEARCH", command("selected", search, false)],
  ["UID SEARCH", command("selected", search)],
  ["FETCH", command("selected", fetch, false)],
  ["UID FETCH", command("selected", fetch)],
  ["STORE", command("selected", store, false)],
  ["UID STORE", command("selected", store)],
  ["COPY", command("selected", copy)],
  ["UID COPY", command("selected", copy)],
  ["MOVE", command("selected", move)],
  ["UID MOVE", command("selected", move)],
]);
