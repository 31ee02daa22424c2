import assert from "node:assert/strict";
import { tokenEndpoint } from "../../../../src/auth/oauth2/endpoint.ts";
import { MailError } from "../../../../src/errors.ts";

const GOOGLE = "https://accounts.google.com/o/oauth2/token";
const MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0/token";

for (
  const { configured, host, gmail = false, url } of [
    {
      configured: "https://x.test/t",
      host: "imap.gmail.com",
      url: "https://x.test/t",
    },
    { configured: undefined, host: "localhost", gmail: true, url: GOOGLE },
    { configured: undefined, host: "imap.gmail.com", url: GOOGLE },
    { configured: undefined, host: "outlook.office365.com", url: MICROSOFT },
    { configured: undefined, host: "Outlook.Office.com", url: MICROSOFT },
    {
      configured: "http://localhost:1234/t",
      host: "x",
      url: "http://localhost:1234/t",
    },
    { configured: "http://[::1]/t", host: "x", url: "http://[::1]/t" },
  ]
) {
  Deno.test(`tokenEndpoint() of ${configured ?? "nothing"} for ${host} is ${url}`, () => {
    assert.equal(
      tokenEndpoint({ repository: "Remote", configured, host, gmail }).href,
      url,
    );
  });
}

for (
  const { configured, message } of [
    { configured: undefined, message: /is not set/ },
    { configured: "nonsense", message: /is no address: nonsense/ },
    {
      configured: "http://x.test/t",
      message: /without TLS \(http:\/\/x\.test\)/,
    },
    { configured: "file:///etc/passwd", message: /without TLS/ },
    // Only looks like this machine.
    { configured: "http://localhost.x.test/t", message: /without TLS/ },
  ]
) {
  Deno.test(`tokenEndpoint() refuses ${configured ?? "nothing"}`, () => {
    assert.throws(
      () =>
        tokenEndpoint({
          ...{ repository: "Remote", configured, host: "imap.test" },
          gmail: false,
        }),
      (error) => {
        assert.ok(error instanceof MailError);
        assert.equal(error.code, "config.value");
        assert.equal(error.retry, "never");
        assert.match(error.message, message);
        return true;
      },
    );
  });
}
