package io.drkit.testkit.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.DisasterSchedule;
import io.drkit.testkit.FakeCloud;
import io.drkit.testkit.aws.FakeAws;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** What the fakes of AWS answer to a seed's requests in a few hours in which disasters come and go. */
final class AwsHistory {
  private static final int REQUESTS = 40;

  private final FakeCloud cloud;
  private final SplittableRandom random;
  private final StringBuilder trace = new StringBuilder();

  AwsHistory(long seed) {
    cloud = FakeCloud.builder().seed(seed).whenLost(FakeCloud.WhenLost.EITHER).build();
    FakeAws.of(cloud).settlesIn(Duration.ofSeconds(20));
    random = new SplittableRandom(seed);
    DisasterSchedule schedule = DisasterSchedule.random(seed, cloud, Duration.ofHours(2), 4);
    for (Disaster.Strike strike : schedule.strikes()) {
      // Each request of a hang waits for half a minute: short disasters leave time for more.
      cloud.strike(strike.disaster().after(strike.after()).lasting(Duration.ofMinutes(5)));
    }
  }

  String trace() {
    for (int i = 0; i < REQUESTS; i++) {
      Site region = cloud.sites().get(random.nextInt(2));
      String name = "name-" + random.nextInt(3);
      int what = random.nextInt(9);
      note(what + " " + name + " in " + region, () -> request(what, name, region));
      cloud.time().advance(Duration.ofMillis(random.nextLong(1, 400_000)));
    }
    return trace.toString();
  }

  private Object request(int what, String name, Site region) {
    S3Client s3 = cloud.client(S3Client.class, region.name());
    Ec2Client ec2 = cloud.client(Ec2Client.class, region.name());
    RdsClient rds = cloud.client(RdsClient.class, region.name());
    return switch (what) {
      case 0 -> s3.createBucket(bucket -> bucket.bucket(name));
      case 1 ->
        s3.putObject(put -> put.bucket(name).key("2030/" + name), RequestBody.fromString(name));
      case 2 -> s3.getObjectAsBytes(get -> get.bucket(name).key("2030/" + name)).asString(UTF_8);
      case 3 -> s3.listObjectsV2(list -> list.bucket(name));
      case 4 ->
        ec2.runInstances(run -> run.imageId(image(ec2))
            .instanceType("t3.micro")
            .clientToken(name)
            .minCount(1)
            .maxCount(2));
      case 5 -> ec2.describeInstances();
      case 6 ->
        rds.createDBInstance(create -> create
            .dbInstanceIdentifier(name)
            .engine("postgres")
            .dbInstanceClass("db.r6g.large")
            .allocatedStorage(20)
            .masterUsername("orders")
            .masterUserPassword("not-a-secret")
            .backupRetentionPeriod(1));
      case 7 -> rds.describeDBInstances();
      default ->
        rds.createDBInstanceReadReplica(create ->
            create.dbInstanceIdentifier(name + "-replica").sourceDBInstanceIdentifier(name));
    };
  }

  private static String image(Ec2Client ec2) {
    return ec2.describeImages(asked -> asked.owners("amazon")).images().get(0).imageId();
  }

  private void note(String what, Callable<Object> request) {
    Object answer;
    try {
      answer = request.call();
    } catch (Exception refused) {
      answer = refused.getClass().getName() + ": " + refused.getMessage();
    }
    trace
        .append(cloud.time().now())
        .append(' ')
        .append(what)
        .append(": ")
        .append(answer)
        .append('\n');
  }
}
