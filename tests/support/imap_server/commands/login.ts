/** LOGIN and AUTHENTICATE (RFC 3501 §6.2.2 and §6.2.3). */
import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from "../bytes.ts";
import { toByteString } from "../bytes.ts";
import type { Call } from "../call.ts";
import { CommandRefusal, type Completion, no, ok } from "../completion.ts";
import { cramDigest } from "../cram.ts";
import { scramServer } from "../scram.ts";
import type { Account } from "../session_host.ts";

/** Runs LOGIN. */
export function login(call: Call): Completion {
  const { args, session } = call;
  refuseInsecure(call);
  args.space();
  const user = args.text();
  args.space();
  const password = args.text();
  args.end();
  const account = session.host.account(user);
  return admit(call, account?.password === password ? account : undefined);
}

/** Runs AUTHENTICATE. */
export async function authenticate(call: Call): Promise<Completion> {
  const { args, session } = call;
  refuseInsecure(call);
  args.space();
  const mechanism = args.word();
  if (!session.profile.auth.some((name) => name === mechanism)) {
    throw new CommandRefusal("Unsupported authentication mechanism.");
  }
  let initial: string | undefined;
  if (args.skip(" ")) {
    if (!session.profile.saslIr) {
      throw new CommandRefusal("SASL-IR not supported", undefined, "BAD");
    }
    initial = args.restOfLine();
  }
  args.end();
  const dialogue = new Dialogue(call, initial);
  switch (mechanism) {
    case "PLAIN":
      return admit(call, plain(call, await dialogue.ask("")));
    case "LOGIN": {
      const user = await dialogue.ask("Username:");
      const password = await dialogue.ask("Password:");
      const account = session.host.account(user);
      return admit(call, account?.password === password ? account : undefined);
    }
    case "CRAM-MD5":
      return await cram(call, dialogue);
    case "SCRAM-SHA-1":
    case "SCRAM-SHA-256":
      return await scram(call, mechanism, dialogue);
    default:
      return await bearer(call, mechanism, dialogue);
  }
}

/** Challenges and answers in base64. */
class Dialogue {
  #initial: string | undefined;

  constructor(readonly call: Call, initial: string | undefined) {
    this.#initial = initial === "=" ? "" : initial;
  }

  /** Sends a challenge, returns the answer. @throws {CommandRefusal} */
  async ask(challenge: string): Promise<string> {
    const { session } = this.call;
    let line = this.#initial;
    this.#initial = undefined;
    if (line === undefined) {
      session.prompt(toBase64(encodeUtf8(challenge)));
      const bytes = await session.reader.line(session.profile.maxLineBytes);
      line = bytes === undefined ? "*" : toByteString(bytes);
    }
    const answer = line === "*" ? undefined : fromBase64(line);
    if (answer === undefined) {
      throw new CommandRefusal("Authentication aborted", undefined, "BAD");
    }
    return decodeUtf8(answer);
  }
}

function plain(call: Call, answer: string): Account | undefined {
  const [authzid = "", user = "", password = ""] = answer.split("\0");
  const account = call.session.host.account(user);
  if (account?.password !== password) return undefined;
  return authzid === "" || authzid === user
    ? account
    : call.session.host.account(authzid);
}

async function cram(call: Call, dialogue: Dialogue): Promise<Completion> {
  const challenge = `<${crypto.randomUUID()}@server>`;
  const answer = await dialogue.ask(challenge);
  const blank = answer.lastIndexOf(" ");
  const account = call.session.host.account(answer.slice(0, blank));
  const good = account !== undefined &&
    answer.slice(blank + 1) === cramDigest(account.password, challenge);
  return admit(call, good ? account : undefined);
}

async function scram(
  call: Call,
  mechanism: "SCRAM-SHA-1" | "SCRAM-SHA-256",
  dialogue: Dialogue,
): Promise<Completion> {
  const { host } = call.session;
  const exchange = scramServer(
    mechanism === "SCRAM-SHA-1" ? "SHA-1" : "SHA-256",
    await dialogue.ask(""),
    (user) => host.account(user)?.password,
  );
  const final = await exchange.verify(await dialogue.ask(exchange.challenge));
  if (final === undefined) return admit(call, undefined);
  await dialogue.ask(final);
  return admit(call, host.account(exchange.user));
}

async function bearer(
  call: Call,
  mechanism: string,
  dialogue: Dialogue,
): Promise<Completion> {
  const answer = await dialogue.ask("");
  const match = mechanism === "XOAUTH2"
    ? /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/.exec(answer)
    : /^n,a=([^,\x01]*),(?:\x01[^\x01]*)*?\x01auth=Bearer ([^\x01]*)\x01(?:[^\x01]*\x01)*\x01$/
      .exec(answer);
  const account = call.session.host.account(match?.[1] ?? "");
  if (account?.tokens.includes(match?.[2] ?? "")) return admit(call, account);
  // RFC 7628 §3.2.3: the error comes as a challenge, to be acknowledged.
  await dialogue.ask('{"status":"401","schemes":"bearer","scope":"mail"}');
  return admit(call, undefined);
}

function admit(call: Call, account: Account | undefined): Completion {
  const { session } = call;
  if (account === undefined) {
    return no("Authentication failed.", "AUTHENTICATIONFAILED");
  }
  const { maxConnections } = session.profile;
  if (session.host.sessionCount(account) >= maxConnections) {
    return no("Maximum number of connections exceeded", "LIMIT");
  }
  session.account = account;
  const { vices } = session.host;
  for (const vice of vices.ofConnection("profileAfterLogin", session.id)) {
    session.profile = { ...session.profile, ...vice.profile };
  }
  return ok("Logged in", session.capabilities());
}

function refuseInsecure({ session }: Call): void {
  if (session.profile.loginDisabled && !session.secure) {
    throw new CommandRefusal(
      "Plaintext authentication disallowed on insecure connections.",
      "PRIVACYREQUIRED",
    );
  }
}
