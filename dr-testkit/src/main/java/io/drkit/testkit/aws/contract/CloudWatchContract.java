package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** What CloudWatch does with metrics, as far as the lag of a copy is read there. */
public abstract class CloudWatchContract extends AwsContract {
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected CloudWatchContract(AwsUnderTest aws) {
    super(aws);
  }

  /** What was put is read back by the minute, in the statistics that were asked for and in no others. */
  @Test
  public void whatWasPutIsReadBackByTheMinute() {
    CloudWatchClient west = client(CloudWatchClient.class, "us-west-2");
    put(west, "by-the-minute", NOON.plusSeconds(5), 10);
    put(west, "by-the-minute", NOON.plusSeconds(50), 20);
    put(west, "by-the-minute", NOON.plusSeconds(70), 40);

    List<Datapoint> points = read(west, "by-the-minute", NOON, NOON.plusSeconds(180));

    assertThat(points)
        .extracting(Datapoint::timestamp)
        .containsExactlyInAnyOrder(NOON, NOON.plusSeconds(60));
    assertThat(points).extracting(Datapoint::average).containsExactlyInAnyOrder(15.0, 40.0);
    assertThat(points).extracting(Datapoint::maximum).containsExactlyInAnyOrder(20.0, 40.0);
    assertThat(points).extracting(Datapoint::minimum).containsOnlyNulls();
  }

  /** A metric that nobody put has no data, which is no error; and metrics of one region are not seen in another. */
  @Test
  public void whatNobodyPutHasNoData() {
    put(client(CloudWatchClient.class, "us-west-2"), "in-the-west", NOON, 1);

    assertThat(
            read(client(CloudWatchClient.class, "us-west-2"), "nobody", NOON, NOON.plusSeconds(60)))
        .isEmpty();
    assertThat(read(
            client(CloudWatchClient.class, "us-east-1"), "in-the-west", NOON, NOON.plusSeconds(60)))
        .isEmpty();
  }

  /** A question for more than 1,440 datapoints is refused. */
  @Test
  public void aQuestionForTooManyDatapointsIsRefused() {
    CloudWatchClient west = client(CloudWatchClient.class, "us-west-2");

    assertThatThrownBy(() -> read(west, "any", NOON, NOON.plusSeconds(60L * 1_441)))
        .isInstanceOfSatisfying(
            CloudWatchException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode())
                .isEqualTo("InvalidParameterCombination"));
  }

  private static void put(CloudWatchClient cloudWatch, String resource, Instant at, double value) {
    MetricDatum datum = MetricDatum.builder()
        .metricName("Lag")
        .dimensions(of(resource))
        .timestamp(at)
        .value(value)
        .build();
    cloudWatch.putMetricData(request -> request.namespace("Contract").metricData(datum));
  }

  private static List<Datapoint> read(
      CloudWatchClient cloudWatch, String resource, Instant from, Instant until) {
    return cloudWatch
        .getMetricStatistics(request -> request
            .namespace("Contract")
            .metricName("Lag")
            .dimensions(of(resource))
            .statistics(Statistic.AVERAGE, Statistic.MAXIMUM)
            .period(60)
            .startTime(from)
            .endTime(until))
        .datapoints();
  }

  private static Dimension of(String resource) {
    return Dimension.builder().name("Resource").value(resource).build();
  }
}
