package io.drkit.testkit.aws;

import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A service that is modelled. It is known by name, so that a module of the SDK which an application leaves out is not missed.
 *
 * @param client the name of the client's type
 * @param global whether it keeps in one place what the clients of every region see
 * @param permissions all that its operations take, by how IAM spells the service
 */
record Modelled(
    String client,
    boolean global,
    BiFunction<FakeAws, Site, AwsFake> fake,
    Function<String, Set<String>> permissions) {
  private static final String SERVICES = "software.amazon.awssdk.services.";

  // Lambdas, because a method reference would load the fake's class, and the SDK's with it.
  private static final List<Modelled> ALL = List.of(
      new Modelled(
          SERVICES + "cloudwatch.CloudWatchClient",
          false,
          (aws, site) -> new FakeCloudWatch(aws, site),
          iam -> permissions(iam, FakeCloudWatch.class)),
      new Modelled(
          SERVICES + "ec2.Ec2Client",
          false,
          (aws, site) -> new FakeEc2(aws, site),
          iam -> permissions(iam, FakeEc2.class)),
      new Modelled(
          SERVICES + "autoscaling.AutoScalingClient",
          false,
          (aws, site) -> new FakeAutoScaling(aws, site),
          iam -> permissions(iam, FakeAutoScaling.class)),
      new Modelled(
          SERVICES + "rds.RdsClient",
          false,
          (aws, site) -> new FakeRds(aws, site),
          iam -> permissions(iam, FakeRds.class)),
      new Modelled(
          SERVICES + "route53.Route53Client",
          true,
          (aws, site) -> new FakeRoute53(aws, site),
          iam -> permissions(iam, FakeRoute53.class)),
      new Modelled(
          SERVICES + "s3.S3Client",
          false,
          (aws, site) -> new FakeS3(aws, site),
          iam -> FakeS3.permissions()));

  private static Set<String> permissions(String iam, Class<? extends AwsFake> fake) {
    return AwsFake.operations(fake).stream()
        .map(operation -> iam + ":" + AwsFake.capitalized(operation))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns all permissions that the operations of a service take, that is named as IAM spells it, for example {@code rds}; none if
   * nothing of that name is modelled, or its module of the SDK is left out.
   */
  static Set<String> permissions(String iam) {
    return ALL.stream()
        .filter(service -> service.client.startsWith(SERVICES + iam + ".") && service.isThere())
        .findFirst()
        .map(service -> service.permissions.apply(iam))
        .orElse(Set.of());
  }

  /** The names of the clients that there are, without their packages. */
  static String clients() {
    return ALL.stream()
        .map(service -> service.client.substring(service.client.lastIndexOf('.') + 1))
        .collect(Collectors.joining(", "));
  }

  /** The service whose clients are of a type. */
  static Optional<Modelled> of(Class<?> client) {
    return named(client.getName());
  }

  private static Optional<Modelled> named(String client) {
    return ALL.stream().filter(service -> service.client.equals(client)).findFirst();
  }

  /** CloudWatch, which other services measure themselves for; nothing if the application leaves the SDK's module of it out. */
  static Optional<Modelled> cloudWatch() {
    return named(SERVICES + "cloudwatch.CloudWatchClient").filter(Modelled::isThere);
  }

  private boolean isThere() {
    try {
      Class.forName(client, false, Modelled.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Where the service keeps what a region's clients see. */
  Site home(FakeCloud cloud, Site region) {
    return global ? cloud.dnsHome() : region;
  }

  AwsFake create(FakeAws aws, Site home) {
    return fake.apply(aws, home);
  }
}
