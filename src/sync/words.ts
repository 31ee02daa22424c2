/** What the two sides of an account are called in texts for people. */
import type { Side } from "./types.ts";

/** One side. */
export interface SideWords {
  /** `the server`: the one who does something. */
  readonly who: string;
  /** `on the server`: where messages are. */
  readonly where: string;
}

/** Both sides. */
export type Words = Readonly<Record<Side, SideWords>>;

/** A server and the Maildir that mirrors it. */
export const SERVER_AND_MAILDIR: Words = {
  remote: { who: "the server", where: "on the server" },
  local: { who: "the Maildir", where: "in the Maildir" },
};

/** Two servers, told apart by the names of their repositories. */
export function twoServers(names: Readonly<Record<Side, string>>): Words {
  const words = (name: string) => ({
    who: `the server of repository ${name}`,
    where: `on the server of repository ${name}`,
  });
  return { remote: words(names.remote), local: words(names.local) };
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
