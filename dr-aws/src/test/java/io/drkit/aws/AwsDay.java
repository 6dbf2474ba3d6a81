package io.drkit.aws;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.Instruction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.PerSite;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.RecoveryPoint;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.aws.autoscaling.AutoScalingGroups;
import io.drkit.aws.ec2.Ec2Images;
import io.drkit.aws.ec2.Ec2Instances;
import io.drkit.aws.rds.RdsInstance;
import io.drkit.aws.rds.RdsReadReplica;
import io.drkit.aws.route53.WeightedRecords;
import io.drkit.aws.s3.S3BucketReplicator;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.RunEvent.ApprovalRequested;
import io.drkit.spi.RunListener;
import io.drkit.spi.RunRecord;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.Timeline;
import io.drkit.testkit.aws.FakeAws;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.DescribeAutoScalingGroupsResponse;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * One day of a plan that is made of this module's actions alone, over fakes of AWS: a region is lost, and more than that happens. First
 * it is asked whether anything unsafe happened, then, when all is over, whether the workload runs where it was moved.
 */
final class AwsDay {
  private static final Site IRELAND = Site.region("eu-west-1");
  private static final Site OREGON = Site.region("us-west-2");
  private static final Site DNS_HOME = Site.region("us-east-1");
  private static final PerSite<String> DATABASE =
      PerSite.at(IRELAND, "orders").and(OREGON, "orders-replica");
  private static final PerSite<String> WORKERS = PerSite.everywhere("orders-workers");
  private static final Duration DISASTERS = ofMinutes(90);
  private static final int SERVERS = 4;
  private static final int ATTEMPTS = 60;

  /**
   * What an action might get wrong: it takes an answer of AWS for another one.
   *
   * @param name what is wrong
   * @param site where the answer comes from
   * @param answer what is misread
   * @param as what it is taken for
   */
  record Mistake(String name, Site site, Class<?> answer, UnaryOperator<Object> as) {
    static <R> Mistake of(String name, Site site, Class<R> answer, UnaryOperator<R> as) {
      return new Mistake(name, site, answer, given -> as.apply(answer.cast(given)));
    }

    private <C> C in(Class<C> type, C client) {
      return type.cast(Proxy.newProxyInstance(
          type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            try {
              Object given = method.invoke(client, arguments);
              return answer.isInstance(given) ? as.apply(given) : given;
            } catch (InvocationTargetException e) {
              throw e.getCause();
            }
          }));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Mistake> MISTAKES = List.of(
      Mistake.of(
          "a group that goes on is called stopped",
          IRELAND,
          DescribeAutoScalingGroupsResponse.class,
          given -> given.copy(all -> all.autoScalingGroups(given.autoScalingGroups().stream()
              .map(group -> group.copy(
                  one -> one.minSize(0).maxSize(0).desiredCapacity(0).instances(List.of())))
              .toList()))),
      Mistake.of(
          "a replica that is on its way is called promoted",
          OREGON,
          DescribeDbInstancesResponse.class,
          given -> given.copy(all -> all.dbInstances(given.dbInstances().stream()
              .map(database -> database.copy(one -> one.readReplicaSourceDBInstanceIdentifier(
                  database.dbInstanceClass().equals("db.t4g.medium")
                      ? database.readReplicaSourceDBInstanceIdentifier()
                      : null)))
              .toList()))),
      Mistake.of(
          "a lag is called none",
          OREGON,
          GetMetricStatisticsResponse.class,
          given -> given.copy(all -> all.datapoints(given.datapoints().stream()
              .map(point -> point.copy(one -> one.minimum(0.0).maximum(0.0)))
              .toList()))),
      Mistake.of(
          "a listing ends too early",
          IRELAND,
          ListObjectsV2Response.class,
          given -> given.copy(all -> all.contents(
              given.contents().subList(0, Math.max(0, given.contents().size() - 1))))));

  private static final List<String> TROUBLE = List.of(
      "InsufficientInstanceCapacity",
      "Throttling",
      "RequestLimitExceeded",
      "Expired",
      "no answer within",
      "did not answer",
      "refused the connection",
      "is declared lost");

  private final long seed;
  private final Consumer<String> sightings;
  private final Optional<Mistake> mistake;
  private final FakeCloud cloud;
  private final FakeAws aws;
  private final Ec2Client ec2;
  private final RdsClient databases;
  private final Route53Client dns;
  private final S3Client copies;
  private final AwsClients clients;
  private final Timeline timeline = new Timeline();
  private final DrEngine engine;
  private final DrPlan plan;
  private final Map<String, Instant> written = new LinkedHashMap<>();
  private Optional<RunReport> failover = Optional.empty();

  AwsDay(long seed, Consumer<String> sightings, Optional<Mistake> mistake) {
    this.seed = seed;
    this.sightings = sightings;
    this.mistake = mistake;
    cloud = FakeCloud.builder()
        .seed(seed)
        .region("eu-west-1")
        .region("us-west-2")
        .whenLost(FakeCloud.WhenLost.EITHER)
        .build();
    aws = FakeAws.of(cloud);
    if (seed % 2 == 0) {
      aws.settlesIn(ofSeconds(40));
    }
    ec2 = cloud.client(Ec2Client.class, "us-west-2");
    databases = cloud.client(RdsClient.class, "us-west-2");
    dns = cloud.client(Route53Client.class, "us-west-2");
    copies = cloud.client(S3Client.class, "us-west-2");
    clients = AwsClients.builder()
        .credentials(AnonymousCredentialsProvider.create())
        .client(Ec2Client.class, IRELAND, client(Ec2Client.class, IRELAND))
        .client(Ec2Client.class, OREGON, client(Ec2Client.class, OREGON))
        .client(AutoScalingClient.class, IRELAND, client(AutoScalingClient.class, IRELAND))
        .client(AutoScalingClient.class, OREGON, client(AutoScalingClient.class, OREGON))
        .client(RdsClient.class, IRELAND, client(RdsClient.class, IRELAND))
        .client(RdsClient.class, OREGON, client(RdsClient.class, OREGON))
        .client(CloudWatchClient.class, IRELAND, client(CloudWatchClient.class, IRELAND))
        .client(CloudWatchClient.class, OREGON, client(CloudWatchClient.class, OREGON))
        .client(S3Client.class, IRELAND, client(S3Client.class, IRELAND))
        .client(S3Client.class, OREGON, client(S3Client.class, OREGON))
        .client(Route53Client.class, DNS_HOME, dns)
        .build();
    engine = DrEngine.builder()
        .journal(Journal.inMemory())
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .seed(seed)
        .owner("operator")
        .listener(timeline)
        .listener(new RunListener() {
          @Override
          public void onEvent(String name, RunRecord entry) {
            if (entry.event() instanceof ApprovalRequested) {
              cloud.time().schedule(ofMinutes(1), AwsDay.this::consent);
            }
          }
        })
        .build();
    plan = plan();
  }

  /** What an action asks, with the mistake in it. */
  private <C extends SdkClient> C client(Class<C> type, Site region) {
    C client = cloud.client(type, region.name());
    return mistake
        .filter(wrong -> wrong.site().equals(region))
        .map(wrong -> wrong.in(type, client))
        .orElse(client);
  }

  private AutoScalingClient groups(Site region) {
    return cloud.client(AutoScalingClient.class, region.name());
  }

  private DrPlan plan() {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(IRELAND)
        .recovery(OREGON)
        .objective(RecoveryObjective.rto(ofHours(1)).rpo(ofMinutes(5)))
        .replicator(RdsReadReplica.builder("orders-db")
            .clients(clients)
            .instance(DATABASE)
            .instanceClass("db.t4g.medium")
            .build())
        .replicator(S3BucketReplicator.builder("invoices")
            .clients(clients)
            .bucket(PerSite.at(IRELAND, "invoices-ireland").and(OREGON, "invoices-oregon"))
            .every(ofMinutes(10))
            .concurrency(1)
            .build())
        .prepare("web image is in the recovery region", Ec2Images.of(clients).copied("orders-web"))
        .fence("no worker writes any more", AutoScalingGroups.of(clients).stopped(WORKERS))
        .promoteReplicas()
        .provision(
            "launch web tier", Ec2Instances.running(clients, "orders-web", "t3.micro", SERVERS))
        .provision("scale the workers", AutoScalingGroups.of(clients).capacity(WORKERS, 3))
        .provision(
            "the database grows", RdsInstance.of(clients, DATABASE).instanceClass("db.r6g.large"))
        .redirect(
            "send users over",
            WeightedRecords.of(clients)
                .allTraffic(
                    "example.com",
                    "orders.example.com",
                    RRType.A,
                    PerSite.at(IRELAND, "ireland").and(OREGON, "oregon")))
        .verify(
            "machines run",
            FailoverAction.check(
                "machines run",
                context -> aws.running(OREGON) >= SERVERS + 3
                    ? Progress.reached()
                    : Progress.underway(aws.running(OREGON) + " run")))
        .afterwards("backups are kept", RdsInstance.of(clients, DATABASE).backupRetention(14));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return builder.build();
  }

  /** What a seed makes of it: the primary region is lost, and up to four more disasters happen. */
  static DisasterSchedule schedule(long seed) {
    FakeCloud cloud =
        FakeCloud.builder().seed(seed).region("eu-west-1").region("us-west-2").build();
    List<Disaster.Strike> strikes = new ArrayList<>();
    strikes.add(Disaster.loss(IRELAND).lasting(ofMinutes(20 + Math.floorMod(seed, 100L))));
    strikes.addAll(DisasterSchedule.random(seed, cloud, DISASTERS, 4).strikes());
    return new DisasterSchedule(strikes);
  }

  /** Lives the day; an error says what went wrong, with the timeline. */
  void live(DisasterSchedule schedule) throws InterruptedException {
    try (engine) {
      makeProduction();
      RunReport prepared = engine.prepare(plan, "nightly job").await();
      assertThat(prepared.outcome()).as(prepared.summary()).isEqualTo(Outcome.COMPLETED);
      write("late", 5);
      cloud.time().advance(ofMillis((long)
          (cloud.chance("the hour") * ofHours(2).toMillis())));
      Instant struck = cloud.time().now();
      schedule.strike(cloud);
      operate(struck);
      check(schedule);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + ", " + schedule + ": " + e.getMessage() + "\n" + timeline, e);
    } finally {
      clients.close();
    }
  }

  private void operate(Instant struck) throws InterruptedException {
    cloud.time().advance(ofMinutes(2));
    failOver(struck);
    Duration over = cloud.time().uptime().plus(DISASTERS).plus(ofHours(2));
    int attempts = 0;
    while (cloud.time().uptime().compareTo(over) < 0 || !through()) {
      assertThat(attempts).as("attempts to fail over").isLessThan(ATTEMPTS);
      cloud.time().advance(ofMinutes(2));
      if (!through()) {
        attempts++;
        if (failover.isEmpty()) {
          failOver(struck);
        } else {
          resume();
        }
      }
    }
  }

  private boolean through() {
    return failover
        .filter(run -> run.outcome() == Outcome.COMPLETED
            || run.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS)
        .isPresent();
  }

  private void failOver(Instant struck) throws InterruptedException {
    try {
      Declaration declaration =
          Declaration.of("on-call").since(struck).stopped(struck).lost(IRELAND);
      failover = Optional.of(engine.failover(plan, declaration).await());
      failover.ifPresent(this::sighted);
    } catch (DrException refused) {
      sightings.accept("a start is refused");
    }
  }

  private void resume() throws InterruptedException {
    try {
      List<Site> lost = cloud.lostSince(IRELAND).isPresent() ? List.of(IRELAND) : List.of();
      failover = Optional.of(engine.resume(plan, "on-call", lost).await());
      sightings.accept("a failover is resumed");
      failover.ifPresent(this::sighted);
    } catch (DrException refused) {
      sightings.accept("a resumption is refused");
    }
  }

  private void sighted(RunReport report) {
    sightings.accept("a failover ends " + report.outcome());
    for (RunReport.StepReport step : report.steps()) {
      if (step.status() == StepStatus.OWED) {
        sightings.accept("a fence is owed");
      }
    }
  }

  private void check(DisasterSchedule schedule) throws InterruptedException {
    String told = timeline.toString();
    TROUBLE.stream()
        .filter(told::contains)
        .forEach(trouble -> sightings.accept("somebody hears: " + trouble));
    RunReport report = failover.orElseThrow();
    assertThat(answer()).as("where users are sent").isEqualTo("192.0.2.2");
    boolean machinesLost = schedule.strikes().stream()
        .anyMatch(strike -> strike.disaster() instanceof Disaster.SiteLoss loss
            && loss.place().orElseThrow().isIn(OREGON));
    if (machinesLost) {
      assertThat(launched()).as("what was launched").hasSizeGreaterThanOrEqualTo(SERVERS);
    } else {
      assertThat(launched()).as("what was launched").hasSize(SERVERS);
    }
    assertThat(point(report, "orders-db"))
        .as("the recovery point of the database, held against the truth")
        .isBeforeOrEqualTo(aws.dataUntil("us-west-2", "orders-replica"));
    assertThat(databases.describeDBInstances().dbInstances())
        .singleElement()
        .satisfies(database -> {
          assertThat(database.readReplicaSourceDBInstanceIdentifier())
              .as("what the database copies from")
              .isNull();
          assertThat(database.dbInstanceClass()).isEqualTo("db.r6g.large");
        });
    Instant claimed = point(report, "invoices");
    written.forEach((key, at) -> {
      if (at.isBefore(claimed)) {
        assertThat(copied(key))
            .as("%s, written at %s, before the point of %s", key, at, claimed)
            .isTrue();
      }
    });
    fenced(report);
  }

  /** What is owed is shown, and made good before anything else when the lost region is asked again. */
  private void fenced(RunReport report) throws InterruptedException {
    if (workers(IRELAND) > 0) {
      assertThat(report.exposed()).as("the fence that is owed").isNotEmpty();
      engine.prepare(plan, "redundancy").await();
      cloud.time().advance(ofMinutes(10));
      sightings.accept("a fence is made good");
    }
    assertThat(workers(IRELAND)).as("workers where the workload was").isZero();
  }

  private int workers(Site region) {
    return groups(region).describeAutoScalingGroups().autoScalingGroups().get(0).desiredCapacity();
  }

  private static Instant point(RunReport report, String dataset) {
    return report.losses().stream()
        .filter(loss -> loss.dataset().equals(dataset))
        .map(RunReport.DataLoss::recoveryPoint)
        .map(RecoveryPoint::completeUntil)
        .findFirst()
        .orElseThrow()
        .orElse(Instant.MIN);
  }

  private boolean copied(String key) {
    try {
      return copies
          .getObjectAsBytes(object -> object.bucket("invoices-oregon").key(key))
          .asUtf8String()
          .equals("invoice " + key);
    } catch (NoSuchKeyException missing) {
      return false;
    }
  }

  private List<Instance> launched() {
    return ec2
        .describeInstancesPaginator(request -> request.maxResults(100))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .filter(instance -> instance.state().name() != InstanceStateName.TERMINATED
            && instance.tags().stream().anyMatch(tag -> tag.key().equals("drkit:step")))
        .toList();
  }

  private String answer() {
    String zone = dns.listHostedZonesByName(list -> list.dnsName("example.com"))
        .hostedZones()
        .get(0)
        .id();
    return dns.testDNSAnswer(
            asked -> asked.hostedZoneId(zone).recordName("orders.example.com").recordType(RRType.A))
        .recordData()
        .get(0);
  }

  private void consent() {
    try {
      RunControl run = engine.control("orders");
      run.approvals().forEach(request -> {
        run.approve(request, Instruction.by("data owner"));
        sightings.accept("a loss is consented to");
      });
    } catch (DrException ended) {
      sightings.accept("a consent comes too late");
    }
  }

  private void write(String prefix, int objects) {
    S3Client source = cloud.client(S3Client.class, "eu-west-1");
    for (int i = 0; i < objects; i++) {
      String key = prefix + i;
      source.putObject(
          object -> object.bucket("invoices-ireland").key(key),
          RequestBody.fromString("invoice " + key));
      written.put(key, cloud.time().now());
    }
  }

  private void makeProduction() {
    cloud.client(S3Client.class, "eu-west-1").createBucket(b -> b.bucket("invoices-ireland"));
    copies.createBucket(bucket -> bucket.bucket("invoices-oregon"));
    write("early", 10);
    makeDatabase();
    OrdersRecords.make(dns, "ireland", "oregon");
    makeWorkers(IRELAND, 2);
    makeWorkers(OREGON, 0);
    Ec2Client east = cloud.client(Ec2Client.class, "eu-west-1");
    String builder = east.runInstances(request -> request
            .imageId(publicImage(east))
            .instanceType("t3.micro")
            .minCount(1)
            .maxCount(1))
        .instances()
        .get(0)
        .instanceId();
    cloud.time().advance(ofMinutes(2));
    east.createImage(request -> request.instanceId(builder).name("orders-web"));
    east.terminateInstances(request -> request.instanceIds(builder));
    cloud.time().advance(ofMinutes(10));
  }

  private void makeDatabase() {
    cloud
        .client(RdsClient.class, "eu-west-1")
        .createDBInstance(instance -> instance
            .dbInstanceIdentifier("orders")
            .engine("postgres")
            .dbInstanceClass("db.r6g.large")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("not-a-secret")
            .backupRetentionPeriod(1));
  }

  private void makeWorkers(Site region, int desired) {
    String image = publicImage(cloud.client(Ec2Client.class, region.name()));
    groups(region)
        .createLaunchConfiguration(request ->
            request.launchConfigurationName("workers").imageId(image).instanceType("t3.micro"));
    groups(region)
        .createAutoScalingGroup(request -> request
            .autoScalingGroupName("orders-workers")
            .launchConfigurationName("workers")
            .availabilityZones(region.name() + "a", region.name() + "b", region.name() + "c")
            .minSize(0)
            .maxSize(2)
            .desiredCapacity(desired));
  }

  private static String publicImage(Ec2Client ec2) {
    return ec2.describeImages(request -> request.owners("amazon"))
        .images()
        .get(0)
        .imageId();
  }
}
