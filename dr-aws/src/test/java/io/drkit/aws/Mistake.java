package io.drkit.aws;

import io.drkit.Site;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * What an action might get wrong: it takes an answer of AWS for another one, or asks for something else than it should.
 *
 * @param name what is wrong
 * @param site the region that is asked
 * @param what what is wrong in it: a request, its body, or an answer
 * @param as what it is taken for at an instant
 */
record Mistake(String name, Site site, Class<?> what, BiFunction<Object, Instant, Object> as) {
  static final List<Mistake> ALL = List.of(
      of(
          "a group that goes on is called stopped",
          AwsAccount.IRELAND,
          DescribeAutoScalingGroupsResponse.class,
          given -> given.copy(all -> all.autoScalingGroups(given.autoScalingGroups().stream()
              .map(group -> group.copy(
                  one -> one.minSize(0).maxSize(0).desiredCapacity(0).instances(List.of())))
              .toList()))),
      of(
          "a replica that is on its way is called promoted",
          AwsAccount.OREGON,
          DescribeDbInstancesResponse.class,
          given -> given.copy(all -> all.dbInstances(given.dbInstances().stream()
              .map(database -> database.copy(one -> one.readReplicaSourceDBInstanceIdentifier(
                  database.dbInstanceClass().equals("db.t4g.medium")
                      ? database.readReplicaSourceDBInstanceIdentifier()
                      : null)))
              .toList()))),
      of(
          "a lag is called none",
          AwsAccount.OREGON,
          GetMetricStatisticsResponse.class,
          given -> given.copy(all -> all.datapoints(given.datapoints().stream()
              .map(point -> point.copy(one -> one.minimum(0.0).maximum(0.0)))
              .toList()))),
      at(
          "a lag is taken for that of now",
          AwsAccount.OREGON,
          GetMetricStatisticsResponse.class,
          (given, now) -> given.copy(all -> all.datapoints(given.datapoints().stream()
              .map(point -> point.copy(one -> one.timestamp(now)))
              .toList()))),
      of(
          "a listing ends too early",
          AwsAccount.IRELAND,
          ListObjectsV2Response.class,
          given -> given.copy(all -> all.contents(
              given.contents().subList(0, Math.max(0, given.contents().size() - 1))))),
      at(
          "a copy claims what was written until its end, not until its beginning",
          AwsAccount.OREGON,
          RequestBody.class,
          (given, now) -> RequestBody.fromString(
              AwsAccount.text(given).replaceAll("complete-until = .*", "complete-until = " + now))),
      of(
          "a launch carries no token",
          AwsAccount.OREGON,
          RunInstancesRequest.class,
          asked -> asked.copy(one -> one.clientToken(null))),
      of(
          "as many as are wanted are launched, however many there are",
          AwsAccount.OREGON,
          RunInstancesRequest.class,
          asked -> asked.copy(one -> one.maxCount(AwsAccount.SERVERS))));

  private static <R> Mistake of(String name, Site site, Class<R> what, UnaryOperator<R> as) {
    return at(name, site, what, (given, now) -> as.apply(given));
  }

  private static <R> Mistake at(
      String name, Site site, Class<R> what, BiFunction<R, Instant, R> as) {
    return new Mistake(name, site, what, (given, now) -> as.apply(what.cast(given), now));
  }

  /** What it makes of a request or an answer; most are left alone. */
  Object in(Object given, Instant now) {
    return what.isInstance(given) ? as.apply(given, now) : given;
  }

  @Override
  public String toString() {
    return name;
  }
}
