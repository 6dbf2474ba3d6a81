package io.drkit;

/**
 * A key point that the white paper names for a strategy. A structural point is met by any step of its stage (or by any
 * replicator), and a plan without one cannot be built; the others are met by a step that {@linkplain Step#meets says so},
 * or waived with a reason, and the assessment names those that are neither.
 */
public enum KeyPoint {
  /** WP-40 a. */
  BACKUP_TOOL_CHOSEN(
      "WP-40a",
      DrStrategy.BACKUP_AND_RESTORE,
      Met.BY_REPLICATOR,
      "data is backed up by a proper tool or method"),
  /** WP-40 b. */
  BACKUP_RETENTION(
      "WP-40b",
      DrStrategy.BACKUP_AND_RESTORE,
      Met.BY_CLAIM,
      "backups are retained as long as the business needs"),
  /** WP-40 c. */
  BACKUP_SECURITY(
      "WP-40c",
      DrStrategy.BACKUP_AND_RESTORE,
      Met.BY_CLAIM,
      "backups are encrypted and access to them is limited"),
  /** WP-40 d. */
  BACKUP_RESTORE_TESTED(
      "WP-40d",
      DrStrategy.BACKUP_AND_RESTORE,
      Met.BY_CLAIM,
      "recovering the data and restoring the system is tested regularly"),
  /** WP-40, recovery. */
  BACKUP_SYSTEM_BUILT(
      "WP-40",
      DrStrategy.BACKUP_AND_RESTORE,
      Met.BY_PROVISION,
      "the system is started from images, next to the restored data"),

  /** WP-41 a. */
  PILOT_LIGHT_DATA_REPLICATED(
      "WP-41a",
      DrStrategy.PILOT_LIGHT,
      Met.BY_REPLICATOR,
      "the core's data is replicated or mirrored"),
  /** WP-41 b. */
  PILOT_LIGHT_PACKAGES_THERE(
      "WP-41b",
      DrStrategy.PILOT_LIGHT,
      Met.BY_CLAIM,
      "all supporting custom software packages are in the recovery site"),
  /** WP-41 c. */
  PILOT_LIGHT_IMAGES_MAINTAINED(
      "WP-41c",
      DrStrategy.PILOT_LIGHT,
      Met.BY_CLAIM,
      "images of key servers are made and maintained"),
  /** WP-41 d. */
  PILOT_LIGHT_SERVERS_TESTED(
      "WP-41d",
      DrStrategy.PILOT_LIGHT,
      Met.BY_CLAIM,
      "these servers are run, tested and updated regularly"),
  /** WP-41 e and i. */
  PILOT_LIGHT_PROVISIONING_AUTOMATED(
      "WP-41e",
      DrStrategy.PILOT_LIGHT,
      Met.BY_CLAIM,
      "what is not in an image is installed and configured automatically"),
  /** WP-41 f. */
  PILOT_LIGHT_INSTANCES_STARTED(
      "WP-41f",
      DrStrategy.PILOT_LIGHT,
      Met.BY_PROVISION,
      "application instances are started from own images"),
  /** WP-41 g. */
  PILOT_LIGHT_DATABASE_RESIZED(
      "WP-41g",
      DrStrategy.PILOT_LIGHT,
      Met.BY_CLAIM,
      "database and data store instances are resized or scaled"),
  /** WP-41 h. */
  PILOT_LIGHT_TRAFFIC_MOVED(
      "WP-41h", DrStrategy.PILOT_LIGHT, Met.BY_REDIRECT, "DNS points to the recovered servers"),
  /** WP-41 j. */
  PILOT_LIGHT_REDUNDANCY_RESTORED(
      "WP-41j", DrStrategy.PILOT_LIGHT, Met.BY_CLAIM, "redundancy is restored as soon as possible"),

  /** WP-42 a. */
  WARM_STANDBY_DATA_REPLICATED(
      "WP-42a", DrStrategy.WARM_STANDBY, Met.BY_REPLICATOR, "data is replicated or mirrored"),
  /** WP-42 b. */
  WARM_STANDBY_IMAGES_MAINTAINED(
      "WP-42b", DrStrategy.WARM_STANDBY, Met.BY_CLAIM, "images are made and maintained"),
  /** WP-42 c. */
  WARM_STANDBY_MINIMAL_FOOTPRINT(
      "WP-42c",
      DrStrategy.WARM_STANDBY,
      Met.BY_PREPARE,
      "a minimal footprint of the application runs"),
  /** WP-42 d. */
  WARM_STANDBY_IN_STEP(
      "WP-42d",
      DrStrategy.WARM_STANDBY,
      Met.BY_CLAIM,
      "software and configuration are updated in step with production"),
  /** WP-42 e and f. */
  WARM_STANDBY_SCALED_UP(
      "WP-42f",
      DrStrategy.WARM_STANDBY,
      Met.BY_PROVISION,
      "instances are added behind the load balancer, or grow"),
  /** WP-42 g. */
  WARM_STANDBY_TRAFFIC_MOVED(
      "WP-42g", DrStrategy.WARM_STANDBY, Met.BY_REDIRECT, "DNS routes all traffic to the standby"),
  /** WP-42 h. */
  WARM_STANDBY_AUTO_SCALING(
      "WP-42h", DrStrategy.WARM_STANDBY, Met.BY_CLAIM, "auto scaling fits the fleet to the load"),

  /** WP-43 a. */
  MULTI_SITE_DUPLICATE(
      "WP-43a",
      DrStrategy.MULTI_SITE,
      Met.BY_PREPARE,
      "a duplicate of production runs in the other site"),
  /** WP-43, replication by the chosen recovery point. */
  MULTI_SITE_DATA_REPLICATED(
      "WP-43", DrStrategy.MULTI_SITE, Met.BY_REPLICATOR, "data is replicated as the RPO asks"),
  /** WP-43 b. */
  MULTI_SITE_WEIGHTS_SET(
      "WP-43b",
      DrStrategy.MULTI_SITE,
      Met.BY_CLAIM,
      "DNS weights part the traffic between the sites"),
  /** WP-43 c. */
  MULTI_SITE_TRAFFIC_MOVED(
      "WP-43c",
      DrStrategy.MULTI_SITE,
      Met.BY_REDIRECT,
      "DNS weights send all requests to the site that is left"),
  /** WP-43 d. */
  MULTI_SITE_DATABASE_SWITCHED(
      "WP-43d",
      DrStrategy.MULTI_SITE,
      Met.BY_CLAIM,
      "the application goes over to the local database servers"),
  /** WP-43 e. */
  MULTI_SITE_AUTO_SCALING(
      "WP-43e", DrStrategy.MULTI_SITE, Met.BY_CLAIM, "auto scaling takes the full load");

  enum Met {
    BY_REPLICATOR,
    BY_PREPARE,
    BY_PROVISION,
    BY_REDIRECT,
    BY_CLAIM
  }

  private final String reference;
  private final DrStrategy strategy;
  private final Met met;
  private final String text;

  KeyPoint(String reference, DrStrategy strategy, Met met, String text) {
    this.reference = reference;
    this.strategy = strategy;
    this.met = met;
    this.text = text;
  }

  /** {@return the place in the digest of the paper, for example "WP-41a"} */
  public String reference() {
    return reference;
  }

  /** {@return the strategy that the paper names it for} */
  public DrStrategy strategy() {
    return strategy;
  }

  /** {@return the point in our words} */
  public String text() {
    return text;
  }

  /** {@return whether a plan without it cannot be built} */
  public boolean structural() {
    return met != Met.BY_CLAIM;
  }

  Met met() {
    return met;
  }
}
