package io.drkit;

/** How a copy trails what is written. */
public enum ReplicationKind {
  /** A write is acknowledged only when it is in every place (WP-51): nothing is lost. */
  SYNCHRONOUS,
  /** The copy trails; what has not arrived is lost (WP-52). */
  ASYNCHRONOUS,
  /** The copy is made from time to time, as backups and snapshots are; what came after the last one is lost. */
  PERIODIC
}
