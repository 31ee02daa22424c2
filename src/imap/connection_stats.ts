/** What a connection has done, in numbers. */

/** Counters since the connection was taken over. */
export interface ConnectionStats {
  /** Commands written. */
  commands: number;
  /**
   * Times that a wait for the server began: commands sent while none was under
   * way, and literals that had to wait for a `+`.
   */
  roundTrips: number;
  bytesIn: number;
  bytesOut: number;
  /** Responses that no command claimed; all of them were delivered. */
  unsolicited: number;
  /** Responses that did not follow the grammar. */
  malformed: number;
}

/** All zero. */
export function newStats(): ConnectionStats {
  return {
    commands: 0,
    roundTrips: 0,
    bytesIn: 0,
    bytesOut: 0,
    unsolicited: 0,
    malformed: 0,
  };
}
