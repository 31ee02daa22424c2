/**
 * Stands in a bundle for packages that imapflow loads and this program never
 * uses: it opens sessions by imapflow, and reads, decodes and logs nothing by it.
 */

const handler: ProxyHandler<() => void> = {
  get: refuse,
  apply: refuse,
  construct: refuse,
};

/** Fails at every use. */
const absent = new Proxy(() => {}, handler);

export default absent;

/** Of `@zone-eu/mailsplit`. */
export const Headers = absent;

/** Of `socks`. */
export const SocksClient = absent;

function refuse(): never {
  throw new Error("This part of imapflow was left out of the bundle");
}
