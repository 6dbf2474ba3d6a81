package io.drkit.lease;

/** What a site is to its workload just now, by what a service there knows. */
public enum Role {
  /** It may write. */
  PRIMARY,
  /** Another site may write, or nobody. */
  STANDBY,
  /** The register could not be read for too long: it does not write. */
  UNKNOWN
}
