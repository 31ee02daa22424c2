/** The scripted IMAP server: what tests and the demo use of it. */
export { ImapServer, startImapServer } from "./server.ts";
export type {
  CommandHook,
  ConnectionInfo,
  HookVerdict,
  ReplyHook,
} from "./server.ts";
export type {
  ImapServerOptions,
  MailboxSeed,
  MessageSeed,
  TlsOptions,
  UserSeed,
} from "./options.ts";
export type { MailImage } from "./mail_store.ts";
export type { MailboxHandle, StoredMessage } from "./mailbox_handle.ts";
export type { CommandLog, LoggedCommand, Outcome } from "./command_log.ts";
export { PROFILES } from "./profile.ts";
export type { AuthMechanism, Profile, ProfileName } from "./profile.ts";
export type { Vice, ViceKind, ViceOf, ViceWhen } from "./vices.ts";
export type { ViceHandle } from "./vice_set.ts";
export { oddMessages, sampleMailboxes, sampleMessage } from "./samples.ts";
export type { SampleOptions } from "./samples.ts";
export { crlf } from "./bytes.ts";
export { seededRandom } from "./random.ts";
