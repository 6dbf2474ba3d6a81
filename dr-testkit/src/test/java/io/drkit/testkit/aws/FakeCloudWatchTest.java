package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.contract.CloudWatchContract;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

class FakeCloudWatchTest extends CloudWatchContract {
  private final FakeCloud cloud = FakeCloud.builder().build();
  private final CloudWatchClient west = cloud.client(CloudWatchClient.class, "us-west-2");
  private final Instant noon = cloud.time().now();

  FakeCloudWatchTest() {
    super(new OnFake());
  }

  private GetMetricStatisticsRequest.Builder question() {
    return GetMetricStatisticsRequest.builder()
        .namespace("Orders")
        .metricName("Placed")
        .startTime(noon)
        .endTime(noon.plusSeconds(1_200))
        .period(60)
        .statistics(Statistic.SUM);
  }

  @Test
  void datapointsComeInNoOrder() {
    for (int minute = 0; minute < 20; minute++) {
      MetricDatum datum = MetricDatum.builder()
          .metricName("Placed")
          .timestamp(noon.plusSeconds(60L * minute))
          .value(1.0)
          .build();
      west.putMetricData(request -> request.namespace("Orders").metricData(datum));
    }

    List<Instant> seen = west.getMetricStatistics(question().build()).datapoints().stream()
        .map(Datapoint::timestamp)
        .toList();

    assertThat(seen).hasSize(20).isNotEqualTo(seen.stream().sorted().toList());
    assertThat(seen)
        .as("the same one each time")
        .isEqualTo(west.getMetricStatistics(question().build()).datapoints().stream()
            .map(Datapoint::timestamp)
            .toList());
  }

  @Test
  void aQuestionThatLacksSomethingIsRefused() {
    refused("MissingParameter", question().period(null));
    refused("MissingParameter", question().startTime(null));
    refused("MissingParameter", question().endTime(null));
    refused("MissingParameter", question().metricName(null));
    refused("InvalidParameterCombination", question().statistics(List.of()));
    refused("InvalidParameterValue", question().period(90));
  }

  private void refused(String code, GetMetricStatisticsRequest.Builder question) {
    assertThatThrownBy(() -> west.getMetricStatistics(question.build()))
        .isInstanceOfSatisfying(
            CloudWatchException.class,
            refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void unitsAndFinePeriodsAreNotModelled() {
    assertThatThrownBy(() -> west.getMetricStatistics(question().period(30).build()))
        .hasMessage("not modelled by FakeCloudWatch: getMetricStatistics with a period of 30");
    assertThatThrownBy(
            () -> west.getMetricStatistics(question().unit(StandardUnit.SECONDS).build()))
        .hasMessage("not modelled by FakeCloudWatch: GetMetricStatistics with Unit");
  }
}
