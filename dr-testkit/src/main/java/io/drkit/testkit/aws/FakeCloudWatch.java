package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.InvalidParameterValueException;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** CloudWatch's metrics: what was put, and what other services measure of themselves. No alarms. */
final class FakeCloudWatch extends AwsFake implements CloudWatchClient {
  private static final int MOST_DATAPOINTS = 1_440;

  /** The periods in seconds of metrics of high resolution. */
  private static final Set<Integer> FINE_PERIODS = Set.of(1, 5, 10, 20, 30);

  private final Map<String, TreeMap<Instant, List<Double>>> put = new LinkedHashMap<>();
  private final Map<String, Measured> measured = new LinkedHashMap<>();

  /** What a service measures of itself at an instant; nothing where it measured nothing. */
  @FunctionalInterface
  interface Measured {
    @Nullable
    Double at(Instant instant);
  }

  FakeCloudWatch(FakeAws aws, Site region) {
    super(aws, region);
  }

  @Override
  Duration looksEvery() {
    return Duration.ofSeconds(5);
  }

  @Override
  String service() {
    return "cloudwatch";
  }

  @Override
  Need need(String operation, Object request) {
    return Need.data(service(), region);
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return code.equals("InvalidParameterValue")
        ? InvalidParameterValueException.builder()
        : CloudWatchException.builder();
  }

  /** Has a metric measured by the service that it is of, once a minute. */
  void measure(String namespace, String metric, Map<String, String> dimensions, Measured by) {
    measured.put(key(namespace, metric, dimensions), by);
  }

  private static String key(String namespace, String metric, Map<String, String> dimensions) {
    return namespace + " " + metric + " " + new TreeMap<>(dimensions);
  }

  private static Map<String, String> named(List<Dimension> dimensions) {
    return dimensions.stream().collect(Collectors.toMap(Dimension::name, Dimension::value));
  }

  @Override
  public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
    for (MetricDatum datum : request.metricData()) {
      if (datum.value() == null || datum.statisticValues() != null) {
        throw notModelled("putMetricData with anything but a value");
      }
      Instant at = datum.timestamp() == null ? now() : datum.timestamp();
      put.computeIfAbsent(
              key(request.namespace(), datum.metricName(), named(datum.dimensions())),
              unused -> new TreeMap<>())
          .computeIfAbsent(at, unused -> new ArrayList<>())
          .add(datum.value());
    }
    return PutMetricDataResponse.builder().build();
  }

  @Override
  public GetMetricStatisticsResponse getMetricStatistics(GetMetricStatisticsRequest request) {
    RequestFields.only(
        this,
        request,
        "Namespace",
        "MetricName",
        "Dimensions",
        "StartTime",
        "EndTime",
        "Period",
        "Statistics");
    checkComplete(request);
    int period = request.period();
    if (FINE_PERIODS.contains(period)) {
      throw notModelled("getMetricStatistics with a period of " + period);
    }
    if (period < 60 || period % 60 != 0) {
      throw invalid("The parameter Period must be a value in the set 60 or a multiple of it.");
    }
    if (!request.startTime().isBefore(request.endTime())) {
      throw invalid("The parameter StartTime must be less than the parameter EndTime.");
    }
    Duration span = Duration.between(request.startTime(), request.endTime());
    if (span.toSeconds() / period > MOST_DATAPOINTS) {
      throw refused(
          400,
          "InvalidParameterCombination",
          "You have requested up to " + span.toSeconds() / period
              + " datapoints, which exceeds the limit of " + MOST_DATAPOINTS + ".");
    }
    String key = key(request.namespace(), request.metricName(), named(request.dimensions()));
    List<Datapoint> points = new ArrayList<>();
    Instant from =
        Instant.ofEpochSecond(Math.floorDiv(request.startTime().getEpochSecond(), 60) * 60);
    for (Instant at = from; at.isBefore(request.endTime()); at = at.plusSeconds(period)) {
      DoubleSummaryStatistics values = values(key, at, at.plusSeconds(period));
      if (values.getCount() > 0) {
        points.add(point(at, values, Set.copyOf(request.statistics())));
      }
    }
    // CloudWatch keeps no order, and who relies on one is to notice.
    points.sort(Comparator.comparingDouble(
        point -> aws.cloud().chance("order of " + key + " " + point.timestamp())));
    return GetMetricStatisticsResponse.builder()
        .label(request.metricName())
        .datapoints(points)
        .build();
  }

  private void checkComplete(GetMetricStatisticsRequest request) {
    Set<String> given = RequestFields.of(request).keySet();
    for (String needed : List.of("Namespace", "MetricName", "StartTime", "EndTime", "Period")) {
      if (!given.contains(needed)) {
        throw refused(400, "MissingParameter", "The parameter " + needed + " must be specified.");
      }
    }
    if (request.statistics().isEmpty()) {
      throw refused(
          400,
          "InvalidParameterCombination",
          "At least one of the parameters Statistics and ExtendedStatistics must be specified.");
    }
  }

  private AwsServiceException invalid(String message) {
    return refused(400, "InvalidParameterValue", message);
  }

  private DoubleSummaryStatistics values(String key, Instant from, Instant until) {
    DoubleSummaryStatistics values = new DoubleSummaryStatistics();
    put.getOrDefault(key, new TreeMap<>())
        .subMap(from, true, until, false)
        .values()
        .forEach(all -> all.forEach(values::accept));
    Measured by = measured.get(key);
    for (Instant at = from; by != null && at.isBefore(until); at = at.plusSeconds(60)) {
      Double value = at.isAfter(now()) ? null : by.at(at);
      if (value != null) {
        values.accept(value);
      }
    }
    return values;
  }

  private static Datapoint point(
      Instant at, DoubleSummaryStatistics values, Set<Statistic> wanted) {
    Datapoint.Builder point = Datapoint.builder().timestamp(at);
    if (wanted.contains(Statistic.AVERAGE)) {
      point.average(values.getAverage());
    }
    if (wanted.contains(Statistic.MAXIMUM)) {
      point.maximum(values.getMax());
    }
    if (wanted.contains(Statistic.MINIMUM)) {
      point.minimum(values.getMin());
    }
    if (wanted.contains(Statistic.SUM)) {
      point.sum(values.getSum());
    }
    if (wanted.contains(Statistic.SAMPLE_COUNT)) {
      point.sampleCount((double) values.getCount());
    }
    return point.build();
  }
}
