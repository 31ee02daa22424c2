/** The options of IMAP repositories that tell who logs in, and how. */
import { BadValue } from "./bad_value.ts";
import {
  path,
  python,
  secret,
  shell,
  splitList,
  text,
} from "./option_builders.ts";
import { didYouMean } from "./nearest.ts";
import { option } from "./option_spec.ts";

/** The mechanisms that can be named, by their names in SASL (LOGIN: the command). */
const AUTH_MECHANISMS = [
  "GSSAPI",
  "XOAUTH2",
  "OAUTHBEARER",
  "EXTERNAL",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
] as const;

/** A way to log in. */
export type AuthMechanism = (typeof AUTH_MECHANISMS)[number];

/**
 * OfflineIMAP's order, and SCRAM before what it is better than. OAUTHBEARER and
 * EXTERNAL are ours as well and only tried when they are named.
 */
const DEFAULT_MECHANISMS: readonly AuthMechanism[] = [
  "GSSAPI",
  "XOAUTH2",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
];

/** User, password, tokens, by the names of the typed configuration. */
export const IMAP_LOGIN_OPTIONS = {
  remoteUserEval: python("remoteusereval", {
    about: "A Python expression for the user name; wins over remoteuser.",
    kind: "value",
    example: "mail_user('example.org')",
  }),
  remoteUser: text("remoteuser", {
    about: "The user name.",
    fallback: undefined,
    defaultWords: "the login of ~/.netrc",
    example: "jane@example.org",
  }),
  remotePassEval: python("remotepasseval", {
    about:
      "A Python expression for the password; wins over all other places for it.",
    kind: "value",
    example: "get_password('example.org')",
    secret: true,
  }),
  remotePassCommand: shell("remotepasscmd", {
    about:
      "A shell command whose first line of output is the password; comes after " +
      "remotepasseval and before the others. It has a minute, is run once in a " +
      "run, and not again when the password was refused. With " +
      "auth_mechanisms = XOAUTH2 or OAUTHBEARER it prints an access token.",
    example: "pass show mail/example.org",
    ours: true,
    secret: true,
  }),
  remotePass: secret("remotepass", {
    about:
      'The password itself. A percent sign in it is written "%%". Whoever can ' +
      "read this file can read it, so one of the other places is better.",
    example: "secret",
  }),
  remotePassFile: path("remotepassfile", {
    about: "A file whose first line is the password.",
    example: "~/.mail-password",
    userOnly: true,
  }),
  remoteIdentity: text("remote_identity", {
    about:
      "Another user whose mail is synchronised with this user's password, where " +
      "the server permits it. CRAM-MD5, LOGIN and XOAUTH2 cannot ask for that.",
    fallback: undefined,
    example: "office@example.org",
  }),
  authMechanisms: option<readonly AuthMechanism[]>(
    "auth_mechanisms",
    "list",
    parseMechanisms,
    {
      about: "The ways to log in, in the order in which they are tried: " +
        `${
          AUTH_MECHANISMS.join(", ")
        }. XOAUTH2 and OAUTHBEARER need an access token, EXTERNAL a client ` +
        "certificate (sslclientcert). GSSAPI (Kerberos) is understood but " +
        "passed over. Under TLS the default tries PLAIN and LOGIN first.",
      fallback: DEFAULT_MECHANISMS,
      defaultText: DEFAULT_MECHANISMS.join(", "),
    },
  ),
  oauth2AccessToken: secret("oauth2_access_token", {
    about:
      "A token for XOAUTH2 and OAUTHBEARER, used as it is until the server " +
      "refuses it; tokens mostly last an hour.",
    example: "ya29.a0…",
  }),
  oauth2AccessTokenEval: python("oauth2_access_token_eval", {
    about:
      "A Python expression for that token, or None; evaluated again when the " +
      "token is ten minutes old or refused.",
    kind: "value",
    example: "get_token()",
    secret: true,
  }),
  oauth2ClientId: text("oauth2_client_id", {
    about: "The client id that the refresh token was made for.",
    fallback: undefined,
    example: "1234.apps.example.org",
  }),
  oauth2ClientIdEval: python("oauth2_client_id_eval", {
    about: "A Python expression for the client id.",
    kind: "value",
    example: "get_client_id()",
  }),
  oauth2ClientSecret: secret("oauth2_client_secret", {
    about: "The secret of that client, if it has one.",
    example: "secret",
  }),
  oauth2ClientSecretEval: python("oauth2_client_secret_eval", {
    about: "A Python expression for the client secret.",
    kind: "value",
    example: "get_client_secret()",
    secret: true,
  }),
  oauth2RefreshToken: secret("oauth2_refresh_token", {
    about:
      "The token with which access tokens are obtained. It comes from the " +
      "provider; docs/authentication.md tells how to get one.",
    example: "1//0…",
  }),
  oauth2RefreshTokenEval: python("oauth2_refresh_token_eval", {
    about: "A Python expression for the refresh token.",
    kind: "value",
    example: "get_refresh_token()",
    secret: true,
  }),
  oauth2RequestUrl: text("oauth2_request_url", {
    about: "The address where access tokens are obtained (token endpoint).",
    fallback: undefined,
    defaultWords:
      "Google's for the type Gmail and imap.gmail.com, Microsoft's for " +
      "outlook.office365.com; else none",
    example: "https://login.example.org/oauth2/token",
  }),
  oauth2Scope: text("oauth2_scope", {
    about:
      "What access tokens are to be for, where the provider wants to be told " +
      "each time.",
    fallback: undefined,
    example: "https://outlook.office.com/IMAP.AccessAsUser.All",
    ours: true,
  }),
};

function parseMechanisms(value: string): readonly AuthMechanism[] {
  const items = splitList(value.toUpperCase());
  if (items.length === 0) throw new BadValue("at least one is needed");
  return items.map((item) => {
    const found = AUTH_MECHANISMS.find((name) => name === item);
    if (found !== undefined) return found;
    throw new BadValue(
      `allowed are ${AUTH_MECHANISMS.join(", ")}${
        didYouMean(item, AUTH_MECHANISMS)
      }`,
    );
  });
}
