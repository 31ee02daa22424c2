/** The mailboxes that several scenarios share. */
import type { Bench } from "../bench.ts";
import { fixedSize, type MailboxPlan, mixedSize } from "../mail.ts";

/** A kind of mailbox: the name of its users, and what they have. */
export interface Kind {
  readonly name: string;
  plans(bench: Bench): MailboxPlan[];
}

/** 20,000 messages of 8.7 KB on average in one folder, 173 MB. */
export const BIG: Kind = {
  name: "big",
  plans: (bench) => [
    { name: "INBOX", messages: bench.scaled(20_000), sizeOf: mixedSize },
  ],
};

/** 200 folders with 50 messages each. */
export const MANY: Kind = {
  name: "many",
  plans: (bench) => folders(bench, 50),
};

/** 200 folders with 500 messages each, 230 MB. */
export const WIDE: Kind = {
  name: "wide",
  plans: (bench) => folders(bench, 500),
};

/** A small folder, to be filled from the Maildir. */
export const SMALL: Kind = {
  name: "small",
  plans: () => [
    { name: "INBOX", messages: 100, sizeOf: fixedSize(5_000) },
  ],
};

/** 5,000 messages in one folder, to be copied to another server. */
export const MOVED: Kind = {
  name: "moved",
  plans: (bench) => [
    { name: "INBOX", messages: bench.scaled(5_000), sizeOf: mixedSize },
  ],
};

export const KINDS: readonly Kind[] = [BIG, MANY, WIDE, SMALL, MOVED];

/** Users without mail, which {@link MOVED} is copied to: one for each round. */
export const TARGETS = ["target1", "target2", "target3", "target4", "target5"];

/** The number of messages in all mailboxes. */
export function total(plans: readonly MailboxPlan[]): number {
  return plans.reduce((sum, { messages }) => sum + messages, 0);
}

/** Megabytes of all messages. */
export function megabytes(plans: readonly MailboxPlan[]): number {
  let bytes = 0;
  for (const { messages, sizeOf } of plans) {
    for (let index = 0; index < messages; index++) bytes += sizeOf(index);
  }
  return Math.round(bytes / 1e6);
}

function folders(bench: Bench, messages: number): MailboxPlan[] {
  const names = Array.from(
    { length: bench.scaled(200) - 1 },
    (_, at) => `folder${at + 1}`,
  );
  return ["INBOX", ...names].map((name) => ({
    name,
    messages,
    sizeOf: fixedSize(2_300),
  }));
}
