package io.drkit.examples.orders;

import io.drkit.Site;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateBucketConfiguration;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The AWS resources that the orders plan finds before it is run for the first time: production in us-east-1, and in
 * us-west-2 a bucket and a group of no servers. What the plan itself prepares (the copies) is not made here. Each method
 * makes what is missing and leaves alone what is there, so all may be called again.
 */
public final class OrdersWorld {
  private static final String FILLER = "x".repeat(512);

  private final OrdersClients clients;
  private final Consumer<String> log;

  /**
   * Creates a world's maker.
   *
   * @param clients where it is made
   * @param log told of each resource that is made, in one line
   */
  public OrdersWorld(OrdersClients clients, Consumer<String> log) {
    this.clients = clients;
    this.log = log;
  }

  /**
   * Returns whether orders was moved to us-west-2, wholly or in part: its database there is nobody's replica any more.
   */
  public boolean failedOver() {
    return database(Orders.WEST)
        .map(there -> there.readReplicaSourceDBInstanceIdentifier() == null)
        .orElse(false);
  }

  /**
   * Makes production in us-east-1, and the zone whose records point there.
   *
   * @param objects how many receipts the bucket holds at least
   */
  public void makeProduction(int objects) {
    bucket(Orders.EAST);
    bucket(Orders.WEST);
    receipts("receipts/", objects);
    makeDatabase();
    makeImage();
    makeGroup(Orders.EAST, Orders.GROUP_CAPACITY);
    makeZone();
  }

  /** Makes the group of no servers in us-west-2. The plan's preparation must have copied the image. */
  public void makeStandby() {
    makeGroup(Orders.WEST, 0);
  }

  /**
   * Adds receipts that are written after the copies were made.
   *
   * @param objects how many more
   * @return the keys that were added
   */
  public List<String> writeLate(int objects) {
    int before = keys(Orders.EAST, "late/").size();
    return receipts("late/", before + objects);
  }

  /** Makes a bucket that keeps its versions, which replication asks for. */
  private void bucket(Site site) {
    S3Client s3 = clients.s3().get(site);
    String name = Orders.BUCKETS.get(site);
    try {
      s3.headBucket(request -> request.bucket(name));
    } catch (NoSuchBucketException missing) {
      s3.createBucket(request -> {
        request.bucket(name);
        // us-east-1 is the one region that must not be named.
        if (!site.equals(Orders.EAST)) {
          request.createBucketConfiguration(CreateBucketConfiguration.builder()
              .locationConstraint(site.name())
              .build());
        }
      });
      log.accept("bucket " + name + " in " + site);
    }
    s3.putBucketVersioning(request -> request
        .bucket(name)
        .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
  }

  /** Numbers the receipts from 1 and writes those that are missing. */
  private List<String> receipts(String prefix, int count) {
    Set<String> there = keys(Orders.EAST, prefix);
    List<String> missing = IntStream.rangeClosed(1, count)
        .mapToObj(number -> String.format(Locale.ROOT, "%s%06d.json", prefix, number))
        .filter(key -> !there.contains(key))
        .toList();
    for (String key : missing) {
      byte[] content = ("{\"receipt\":\"" + key + "\",\"filler\":\"" + FILLER + "\"}")
          .getBytes(StandardCharsets.UTF_8);
      clients
          .s3()
          .get(Orders.EAST)
          .putObject(
              request -> request
                  .bucket(Orders.BUCKETS.get(Orders.EAST))
                  .key(key)
                  .contentType("application/json"),
              RequestBody.fromBytes(content));
    }
    if (!missing.isEmpty()) {
      log.accept(missing.size() + " objects " + prefix + "* in " + Orders.BUCKETS.get(Orders.EAST));
    }
    return missing;
  }

  private Set<String> keys(Site site, String prefix) {
    return clients
        .s3()
        .get(site)
        .listObjectsV2Paginator(
            request -> request.bucket(Orders.BUCKETS.get(site)).prefix(prefix))
        .contents()
        .stream()
        .map(S3Object::key)
        .collect(Collectors.toSet());
  }

  private void makeDatabase() {
    if (database(Orders.EAST).isPresent()) {
      return;
    }
    clients
        .rds()
        .get(Orders.EAST)
        .createDBInstance(request -> request
            .dbInstanceIdentifier(Orders.DATABASE)
            .engine("postgres")
            .dbInstanceClass(Orders.PRODUCTION_CLASS)
            .allocatedStorage(20)
            .masterUsername("orders")
            .manageMasterUserPassword(true)
            // Without backups an instance can have no replica.
            .backupRetentionPeriod(7));
    log.accept("database " + Orders.DATABASE + " in " + Orders.EAST);
  }

  private Optional<DBInstance> database(Site site) {
    RdsClient rds = clients.rds().get(site);
    try {
      return rds
          .describeDBInstances(request -> request.dbInstanceIdentifier(Orders.DATABASE))
          .dbInstances()
          .stream()
          .findFirst();
    } catch (DbInstanceNotFoundException none) {
      return Optional.empty();
    }
  }

  private void makeImage() {
    if (image(Orders.EAST).isPresent()) {
      return;
    }
    clients
        .ec2()
        .get(Orders.EAST)
        .registerImage(request -> request
            .name(Orders.IMAGE)
            .description("the web server of orders")
            .architecture("x86_64")
            .virtualizationType("hvm")
            .rootDeviceName("/dev/xvda")
            .blockDeviceMappings(BlockDeviceMapping.builder()
                .deviceName("/dev/xvda")
                .ebs(volume -> volume.volumeSize(8))
                .build()));
    log.accept("image " + Orders.IMAGE + " in " + Orders.EAST);
  }

  private Optional<Image> image(Site site) {
    return clients
        .ec2()
        .get(site)
        .describeImages(request -> request
            .owners("self")
            .filters(Filter.builder().name("name").values(Orders.IMAGE).build()))
        .images()
        .stream()
        .findFirst();
  }

  private void makeGroup(Site site, int capacity) {
    AutoScalingClient groups = clients.autoScaling().get(site);
    boolean there = !groups
        .describeAutoScalingGroups(request -> request.autoScalingGroupNames(Orders.GROUP))
        .autoScalingGroups()
        .isEmpty();
    if (there) {
      return;
    }
    launchTemplate(site);
    groups.createAutoScalingGroup(request -> request
        .autoScalingGroupName(Orders.GROUP)
        .launchTemplate(template -> template.launchTemplateName(Orders.GROUP).version("$Default"))
        .minSize(0)
        .maxSize(10)
        .desiredCapacity(capacity)
        .availabilityZones(site.name() + "a", site.name() + "b"));
    log.accept("group " + Orders.GROUP + " of " + capacity + " in " + site);
  }

  private void launchTemplate(Site site) {
    Ec2Client ec2 = clients.ec2().get(site);
    String image = image(site)
        .map(Image::imageId)
        .orElseThrow(() -> new IllegalStateException(
            "image " + Orders.IMAGE + " is not in " + site + "; the preparation copies it"));
    try {
      ec2.createLaunchTemplate(request -> request
          .launchTemplateName(Orders.GROUP)
          .launchTemplateData(data -> data.imageId(image).instanceType(Orders.INSTANCE_TYPE)));
    } catch (Ec2Exception e) {
      if (!"InvalidLaunchTemplateName.AlreadyExistsException"
          .equals(e.awsErrorDetails().errorCode())) {
        throw e;
      }
    }
  }

  private void makeZone() {
    Route53Client route53 = clients.route53();
    HostedZone zone =
        route53
            .listHostedZonesByName(request -> request.dnsName(Orders.ZONE))
            .hostedZones()
            .stream()
            .filter(candidate -> candidate.name().equals(Orders.ZONE))
            .findFirst()
            .orElseGet(() -> {
              log.accept("hosted zone " + Orders.ZONE);
              return route53
                  .createHostedZone(
                      request -> request.name(Orders.ZONE).callerReference("drkit-orders"))
                  .hostedZone();
            });
    // Route 53 gives an id as a path, and takes it without.
    String id = zone.id().substring(zone.id().lastIndexOf('/') + 1);
    Set<String> there = route53
        .listResourceRecordSetsPaginator(request -> request.hostedZoneId(id))
        .resourceRecordSets()
        .stream()
        .filter(set -> set.name().equals(Orders.RECORD))
        .map(ResourceRecordSet::setIdentifier)
        .collect(Collectors.toSet());
    List<Change> changes = new ArrayList<>();
    for (Site site : Orders.SITES) {
      if (!there.contains(site.name())) {
        changes.add(record(site));
      }
    }
    if (!changes.isEmpty()) {
      route53.changeResourceRecordSets(
          request -> request.hostedZoneId(id).changeBatch(batch -> batch.changes(changes)));
      log.accept("records " + Orders.RECORD + " with weights 100 and 0");
    }
  }

  private static Change record(Site site) {
    return Change.builder()
        .action(ChangeAction.CREATE)
        .resourceRecordSet(set -> set.name(Orders.RECORD)
            .type(RRType.CNAME)
            .setIdentifier(site.name())
            .weight(site.equals(Orders.EAST) ? 100L : 0L)
            .ttl(60L)
            .resourceRecords(ResourceRecord.builder()
                .value("orders-web." + site.name() + ".example.net")
                .build()))
        .build();
  }
}
