package io.drkit;

/** What a person found out about a request that was in doubt. */
public enum Decision {
  /** It took effect: the step is done. */
  TOOK_EFFECT,
  /** It did not, and cannot any more: it is asked for again. */
  NO_EFFECT
}
