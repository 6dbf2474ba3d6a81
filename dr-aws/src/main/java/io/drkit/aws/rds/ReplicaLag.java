package io.drkit.aws.rds;

import io.drkit.ActionContext;
import io.drkit.RecoveryPoint;
import io.drkit.aws.AwsEndpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * How far a replica reaches, read from the lag that RDS reports to CloudWatch in the replica's own region, once a minute.
 *
 * <p>The newest minute with a lag counts, by the instant at which it began and with the greatest lag in it: the replica holds
 * everything written until then. A lag of -1 means that replication is not active, and tells nothing.
 */
final class ReplicaLag {
  private static final int PERIOD_SECONDS = 60;

  /** CloudWatch returns 1,440 data points at most: that is a day of minutes, some of which have just begun. */
  private static final Duration WINDOW = Duration.ofHours(23);

  /**
   * A MySQL replica whose source fell silent goes on reporting no lag until its connection times out
   * ({@code replica_net_timeout}, 60 seconds); a source behind a cut line may take writes all that time.
   */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Optional<Datapoint> newest;
  private final String replica;
  private final boolean trustsSilence;

  private ReplicaLag(Optional<Datapoint> newest, String replica, boolean trustsSilence) {
    this.newest = newest;
    this.replica = replica;
    this.trustsSilence = trustsSilence;
  }

  static ReplicaLag read(
      AwsEndpoint<CloudWatchClient> cloudWatch, ActionContext context, DBInstance replica)
      throws Exception {
    String identifier = replica.dbInstanceIdentifier();
    Instant now = context.time().now();
    Instant end = now.truncatedTo(ChronoUnit.MINUTES).plusSeconds(PERIOD_SECONDS);
    List<Datapoint> points = cloudWatch
        .call(
            "read the replica lag of " + identifier,
            CloudWatchClient::getMetricStatistics,
            GetMetricStatisticsRequest.builder()
                .namespace("AWS/RDS")
                .metricName("ReplicaLag")
                .dimensions(Dimension.builder()
                    .name("DBInstanceIdentifier")
                    .value(identifier)
                    .build())
                .startTime(end.minus(WINDOW))
                .endTime(end)
                .period(PERIOD_SECONDS)
                .statistics(Statistic.MAXIMUM, Statistic.MINIMUM)
                .build())
        .datapoints();
    // An instance of the same name may have been there before; the minute of the creation itself
    // counts.
    Instant born = Optional.ofNullable(replica.instanceCreateTime())
        .map(instant -> instant.truncatedTo(ChronoUnit.MINUTES))
        .orElse(Instant.MIN);
    Optional<Datapoint> newest = points.stream()
        .filter(point -> point.minimum() >= 0 && !point.timestamp().isBefore(born))
        .max(Comparator.comparing(Datapoint::timestamp));
    String engine = String.valueOf(replica.engine());
    return new ReplicaLag(
        newest, identifier, engine.startsWith("mysql") || engine.startsWith("mariadb"));
  }

  RecoveryPoint recoveryPoint(String dataset) {
    if (newest.isEmpty()) {
      return RecoveryPoint.unknown(
          dataset,
          "CloudWatch has no replica lag of " + replica + " that tells how far it reaches");
    }
    Instant at = newest.get().timestamp();
    // CloudWatch counts in doubles; part of a second counts as a whole one.
    long lag = (long) Math.ceil(newest.get().maximum());
    Instant until = at.minusSeconds(lag);
    String basis = "replica lag of " + lag + " s in the minute from " + at;
    return trustsSilence
        ? RecoveryPoint.completeUntil(
            dataset,
            until.minus(SILENCE),
            basis + ", less " + SILENCE.toSeconds() + " s in which a silent source is not noticed")
        : RecoveryPoint.completeUntil(dataset, until, basis);
  }
}
