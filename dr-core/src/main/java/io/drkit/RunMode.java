package io.drkit;

/** What a run is for. An action may bring its state about differently by mode. */
public enum RunMode {
  /** Brings about what must be there before a disaster: copies that flow, images, templates. Moves nothing. */
  PREPARE,
  /** Moves the workload after a disaster, without the help of the site that is left. */
  FAILOVER
}
