/** This machine's own names and addresses. */

/** Whether `host` is this machine by its name or address. */
export function isLoopback(host: string): boolean {
  return /^(localhost|(.*\.)?localhost|127(\.\d+){3}|::1|\[::1\])\.?$/i
    .test(host);
}
