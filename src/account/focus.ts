/** What a sync is about when something was heard. */

/** Mailboxes that something was heard of, each by its side's own name. */
export interface Focus {
  readonly remote: readonly string[];
  readonly local: readonly string[];
}
