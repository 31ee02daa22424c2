/** What both sides of an account last agreed on: the public face. */
export {
  type AccountState,
  type MailboxSummary,
  openState,
} from "./account_state.ts";
export { type DatabaseOptions, setStateAside } from "./database.ts";
export type { MailboxNames } from "./mailbox_row.ts";
export type { SqliteMailboxState } from "./mailbox_state.ts";
export { accountFolder, stateFile } from "./state_path.ts";
