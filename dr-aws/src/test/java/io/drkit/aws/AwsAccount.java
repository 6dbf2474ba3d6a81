package io.drkit.aws;

import static java.time.Duration.ofSeconds;

import io.drkit.PerSite;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.FakeAws;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** An account of AWS in a fake cloud, with a workload in Ireland that is to be moved to Oregon, and the truth about it. */
final class AwsAccount {
  static final Site IRELAND = Site.region("eu-west-1");
  static final Site OREGON = Site.region("us-west-2");
  static final PerSite<String> DATABASE =
      PerSite.at(IRELAND, "orders").and(OREGON, "orders-replica");
  static final PerSite<String> BUCKET =
      PerSite.at(IRELAND, "invoices-ireland").and(OREGON, "invoices-oregon");
  static final PerSite<String> WORKERS = PerSite.everywhere("orders-workers");
  static final String LAUNCH = "launch web tier";
  static final int SERVERS = 4;
  private static final Site DNS_HOME = Site.region("us-east-1");
  private static final int MACHINES_IN_A_ZONE = 3;

  private final FakeCloud cloud;
  private final FakeAws aws;
  private final Optional<Mistake> mistake;
  private final Mishaps.Kind mishap;
  private final Mishaps mishaps;
  private final Ec2Client ec2;
  private final RdsClient databases;
  private final Route53Client dns;
  private final S3Client copies;
  private final AwsClients clients;
  private final Map<String, Instant> written = new LinkedHashMap<>();

  /**
   * Opens it, with nothing in it.
   *
   * @param mistake what the actions get wrong
   * @param mishap what befalls the servers that they launch
   */
  AwsAccount(FakeCloud cloud, Optional<Mistake> mistake, Mishaps.Kind mishap) {
    this.cloud = cloud;
    this.aws = FakeAws.of(cloud);
    this.mistake = mistake;
    this.mishap = mishap;
    this.mishaps = new Mishaps(mishap, cloud.time(), this::writeInPassing);
    ec2 = cloud.client(Ec2Client.class, "us-west-2");
    databases = cloud.client(RdsClient.class, "us-west-2");
    dns = cloud.client(Route53Client.class, "us-west-2");
    copies = cloud.client(S3Client.class, "us-west-2");
    clients = AwsClients.builder()
        .client(Route53Client.class, DNS_HOME, dns)
        .clientsFrom(this::asked)
        .build();
  }

  /** What the actions ask with. */
  AwsClients clients() {
    return clients;
  }

  Mishaps mishaps() {
    return mishaps;
  }

  /** What an action asks in a region, with its mistake and its mishaps in between. */
  private <C extends SdkClient> C asked(Class<C> type, String region) {
    C client = cloud.client(type, region);
    Optional<Mistake> wrong = mistake.filter(each -> each.site().equals(Site.region(region)));
    return type.cast(Proxy.newProxyInstance(
        type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
          Object[] arguments = given == null ? new Object[0] : given.clone();
          for (int i = 0; i < arguments.length; i++) {
            Object argument = arguments[i];
            mishaps.before(argument);
            arguments[i] =
                wrong.map(each -> each.in(argument, cloud.time().now())).orElse(argument);
          }
          try {
            Object answer = method.invoke(client, arguments);
            if (answer == null) {
              return null;
            }
            Object heard = mishaps.after(answer);
            return wrong.map(each -> each.in(heard, cloud.time().now())).orElse(heard);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  /** Makes what runs before any disaster. */
  void makeProduction() {
    source().createBucket(bucket -> bucket.bucket(BUCKET.get(IRELAND)));
    copies.createBucket(bucket -> bucket.bucket(BUCKET.get(OREGON)));
    write("early", 10);
    Production.makeDatabase(cloud.client(RdsClient.class, IRELAND.name()), "postgres");
    OrdersRecords.make(dns, "ireland", "oregon");
    Production.makeWorkers(cloud, IRELAND, 2);
    Production.makeWorkers(cloud, OREGON, 0);
    Production.makeImage(cloud, cloud.client(Ec2Client.class, IRELAND.name()));
    switch (mishap) {
      case ONE_IS_LEFT -> leaveAServer();
      case LITTLE_ROOM ->
        cloud.zones(OREGON).forEach(zone -> aws.capacity(zone, MACHINES_IN_A_ZONE));
      default -> {
        // The others befall what is launched.
      }
    }
  }

  /** Readers may see late what was made. */
  void settleLate() {
    aws.settlesIn(ofSeconds(40));
  }

  private void leaveAServer() {
    ec2.runInstances(request -> request
        .imageId(Production.publicImage(ec2))
        .instanceType("t3.micro")
        .minCount(1)
        .maxCount(1)
        .tagSpecifications(TagSpecification.builder()
            .resourceType(ResourceType.INSTANCE)
            .tags(tag("drkit:plan", "orders"), tag("drkit:step", LAUNCH))
            .build()));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private S3Client source() {
    return cloud.client(S3Client.class, IRELAND.name());
  }

  /** Users write. */
  void write(String prefix, int objects) {
    for (int i = 0; i < objects; i++) {
      String key = prefix + i;
      source()
          .putObject(
              object -> object.bucket(BUCKET.get(IRELAND)).key(key),
              RequestBody.fromString("invoice " + key));
      written.put(key, cloud.time().now());
    }
  }

  /** Users try to write; what AWS did not acknowledge, nobody misses. */
  private void writeInPassing() {
    if (cloud.lostSince(IRELAND).isEmpty()) {
      try {
        write("in passing " + written.size() + " ", 1);
      } catch (SdkException refused) {
        // They try again later.
      }
    }
  }

  /** When each object was acknowledged. */
  Map<String, Instant> written() {
    return written;
  }

  /** Whether Oregon has an object as it was written. */
  boolean copied(String key) {
    try {
      return copies
          .getObjectAsBytes(object -> object.bucket(BUCKET.get(OREGON)).key(key))
          .asUtf8String()
          .equals("invoice " + key);
    } catch (NoSuchKeyException missing) {
      return false;
    }
  }

  /** The one database that Oregon has. */
  List<DBInstance> databases() {
    return databases.describeDBInstances().dbInstances();
  }

  /** Until when the database of Oregon has all that was written to that of Ireland. */
  Instant databaseUntil() {
    return aws.dataUntil(OREGON.name(), DATABASE.get(OREGON));
  }

  /** How many machines run in Oregon. */
  int running() {
    return aws.running(OREGON);
  }

  /** How many workers a region wants. */
  int workers(Site region) {
    return cloud
        .client(AutoScalingClient.class, region.name())
        .describeAutoScalingGroups()
        .autoScalingGroups()
        .get(0)
        .desiredCapacity();
  }

  /** The servers that Oregon has of the plan. */
  List<Instance> servers() {
    return ec2
        .describeInstancesPaginator(request -> request.maxResults(100))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED
            && instance.tags().stream().anyMatch(tag -> tag.key().equals("drkit:step")))
        .toList();
  }

  /** Where users are sent. */
  String answer() {
    return OrdersRecords.answer(dns);
  }

  /** What is to be written to an object. */
  static String text(RequestBody body) {
    try (var stream = body.contentStreamProvider().newStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
