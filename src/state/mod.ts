/** What both sides of an account last agreed on: the public face. */
export { openState, type SqliteState } from "./sqlite_state.ts";
export type { DatabaseOptions } from "./database.ts";
export type { SqliteMailboxState } from "./sqlite_mailbox_state.ts";
export { setStateAside } from "./state_files.ts";
export { accountFolder, stateFile } from "./state_path.ts";
export {
  type CollisionOptions,
  type Collisions,
  findCollisions,
  type LegacyFolder,
} from "./takeover/collisions.ts";
export type { LabelTexts } from "./takeover/legacy_flags.ts";
export { type MappedPairs, pairMapped } from "./takeover/pair_mapped.ts";
export type { LegacyPlace } from "./takeover/legacy_name.ts";
export type { LegacyRow, Warn } from "./takeover/legacy_row.ts";
export {
  areStrangers,
  type LegacyFile,
  missingRef,
  pairLegacy,
} from "./takeover/pair_legacy.ts";
export {
  type MappedUid,
  readStartUid,
  readUidMap,
  readValidity,
  type RepositoryFile,
} from "./takeover/repository_files.ts";
export { legacyFileName, remoteFileName } from "./takeover/legacy_name.ts";
export {
  type LegacyStatus,
  takeOver,
  type TakeOverOptions,
} from "./takeover/take_over.ts";
export {
  type HandedMailbox,
  handOver,
  type HandOverOptions,
  legacyStatusPath,
} from "./handover/hand_over.ts";
export { catchUp, type CatchUpOptions } from "./handover/catch_up.ts";
