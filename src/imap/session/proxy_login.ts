/** Who one is to a proxy. */

/** A proxy's URL in its parts, decoded. */
export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}
