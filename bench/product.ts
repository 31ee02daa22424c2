/** What is compared, and how each is set up. */
import type { Command } from "./measure.ts";

/** The server as a client is to reach it. */
export interface Address {
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** How a client is to work. */
export interface ClientOptions {
  readonly address: Address;
  /** The other side is a server, too. @default a Maildir in the home */
  readonly local?: Address;
  readonly fsync: boolean;
}

/** A product with a home of its own. */
export interface Client {
  readonly home: string;
  /** The Maildir of a mailbox; INBOX is a mailbox like the others. */
  mailbox(name: string): string;
  /** Writes the configuration; called again, it points to another server. */
  configure(options: ClientOptions): void;
  /** One sync, both ways. */
  command(): Command;
}

/** A program that synchronises IMAP and Maildir. */
export interface Product {
  /** As the tables call it, with its version. */
  readonly title: string;
  /** In names of users and folders. */
  readonly id: string;
  /** Takes so long that fewer rounds must do. */
  readonly slow: boolean;
  /** Differs from another one in its start alone: only short runs are compared. */
  readonly variant: boolean;
  client(home: string): Client;
}
