/** The options of IMAP repositories that tell who logs in, and how. */
import { BadValue } from "./bad_value.ts";
import { path, python, secret, splitList, text } from "./option_builders.ts";
import { didYouMean } from "./nearest.ts";
import { option } from "./option_spec.ts";

/** The mechanisms that can be named, by their names in SASL (LOGIN: the command). */
export const AUTH_MECHANISMS = [
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

const oauth2 = (about: string) => ({ about, since: "later" as const });

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
    about: "A token for XOAUTH2 and OAUTHBEARER, used as it is.",
    example: "ya29.a0…",
  }),
  oauth2AccessTokenEval: python("oauth2_access_token_eval", {
    about: "A Python expression for that token.",
    kind: "value",
    example: "get_token()",
    secret: true,
  }),
  oauth2ClientId: text("oauth2_client_id", {
    ...oauth2("The client id with which tokens are renewed."),
    fallback: undefined,
    example: "1234.apps.example.org",
  }),
  oauth2ClientIdEval: python("oauth2_client_id_eval", {
    ...oauth2("A Python expression for the client id."),
    kind: "value",
    example: "get_client_id()",
  }),
  oauth2ClientSecret: secret("oauth2_client_secret", {
    ...oauth2("The client secret with which tokens are renewed."),
    example: "secret",
  }),
  oauth2ClientSecretEval: python("oauth2_client_secret_eval", {
    ...oauth2("A Python expression for the client secret."),
    kind: "value",
    example: "get_client_secret()",
    secret: true,
  }),
  oauth2RefreshToken: secret("oauth2_refresh_token", {
    ...oauth2("The token with which access tokens are obtained."),
    example: "1//0…",
  }),
  oauth2RefreshTokenEval: python("oauth2_refresh_token_eval", {
    ...oauth2("A Python expression for the refresh token."),
    kind: "value",
    example: "get_refresh_token()",
    secret: true,
  }),
  oauth2RequestUrl: text("oauth2_request_url", {
    ...oauth2("The address where access tokens are obtained."),
    fallback: undefined,
    defaultWords: "none; Google's for the type Gmail",
    example: "https://login.example.org/oauth2/token",
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
