/** What the command does not do for a worker. */
import { MailError } from "../errors.ts";

/** The error for a request that no honest worker makes. */
export type Refuse = (what: string) => MailError;

/** Refuses for an account. */
export function refuseFor(account: string): Refuse {
  return (what) =>
    new MailError(
      `The work on account ${account} asked for what is not its own: ${
        what.slice(0, 200)
      }`,
      {
        code: "sandbox.refused",
        scope: "account",
        retry: "never",
        hint: "Its server may have made it do so: be careful with that server",
      },
    );
}
