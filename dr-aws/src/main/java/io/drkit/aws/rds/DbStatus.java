package io.drkit.aws.rds;

import java.util.List;

/**
 * What the statuses of a DB instance mean for somebody who waits for one (Amazon RDS User Guide, "Viewing Amazon RDS DB
 * instance status").
 */
enum DbStatus {
  /** It serves, and takes changes. */
  AVAILABLE,
  /** RDS is working on it. */
  CHANGING,
  /** It stays as it is until somebody does something. */
  STUCK;

  private static final List<String> SERVING = List.of("available", "storage-optimization");
  private static final List<String> NEED_SOMEBODY = List.of(
      "deleting",
      "failed",
      "inaccessible-encryption-credentials",
      "inaccessible-encryption-credentials-recoverable",
      "incompatible-create",
      "incompatible-credentials",
      "incompatible-network",
      "incompatible-option-group",
      "incompatible-parameters",
      "incompatible-restore",
      "insufficient-capacity",
      "restore-error",
      "stopped",
      "stopping",
      "storage-full");

  static DbStatus of(String status) {
    if (SERVING.contains(status)) {
      return AVAILABLE;
    }
    return NEED_SOMEBODY.contains(status) ? STUCK : CHANGING;
  }
}
