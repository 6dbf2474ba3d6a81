package io.drkit.testkit.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ReplicationRule;

/** Requests with bad texts in them, to the fakes of AWS: they are answered, or refused as the service refuses them. */
@Tag("proof")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FakesOfAwsTest {
  private static final int CASES = 5_000;
  private static final String ARN = "arn:aws:rds:us-west-2:123456789012:";

  private final FakeCloud cloud = FakeCloud.builder().build();
  private final S3Client s3 = cloud.client(S3Client.class, "us-east-1");
  private final Ec2Client ec2 = cloud.client(Ec2Client.class, "us-east-1");
  private final AutoScalingClient groups = cloud.client(AutoScalingClient.class, "us-east-1");
  private final RdsClient west = cloud.client(RdsClient.class, "us-west-2");
  private final RdsClient east = cloud.client(RdsClient.class, "us-east-1");
  private final Route53Client dns = cloud.client(Route53Client.class, "us-east-1");

  /** What AWS answers, what the SDK does not send, what is not modelled, and what an argument's reader says of it in words of its own. */
  private static boolean isDocumented(Throwable thrown) {
    if (thrown instanceof AwsServiceException refused) {
      return !String.valueOf(refused.awsErrorDetails().errorCode()).isBlank();
    }
    if (thrown instanceof UnsupportedOperationException) {
      return String.valueOf(thrown.getMessage()).startsWith("not modelled by Fake");
    }
    return thrown instanceof SdkClientException
        || (thrown.getClass() == IllegalArgumentException.class
            && thrown.getStackTrace()[0].getClassName().startsWith("io.drkit.testkit.aws."));
  }

  private static void each(String reader, List<Consumer<Mutations>> requests) {
    Cases.each(
        reader,
        CASES,
        FakesOfAwsTest::isDocumented,
        mutations -> mutations.one(requests).accept(mutations));
  }

  private void fillBucket() {
    s3.createBucket(bucket -> bucket.bucket("invoices"));
    s3.putBucketVersioning(request -> request
        .bucket("invoices")
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    for (int i = 0; i < 6; i++) {
      String key = "2030/" + i / 2;
      s3.putObject(object -> object.bucket("invoices").key(key), RequestBody.fromString("invoice"));
    }
    s3.putObject(
        object -> object.bucket("invoices").key("large"), RequestBody.fromBytes(new byte[6 << 20]));
  }

  @Test
  @SuppressWarnings("deprecation") // The header as it was, which many still send.
  void s3RefusesAsItIsDocumented() {
    fillBucket();
    String token =
        s3.listObjectsV2(list -> list.bucket("invoices").maxKeys(1)).nextContinuationToken();
    String version =
        s3.listObjectVersions(list -> list.bucket("invoices").maxKeys(1)).nextVersionIdMarker();
    String upload = s3.createMultipartUpload(object -> object.bucket("invoices").key("parts"))
        .uploadId();
    String tag = s3.uploadPart(
            part -> part.bucket("invoices").key("parts").uploadId(upload).partNumber(1),
            RequestBody.fromString("part"))
        .eTag();
    RequestBody body = RequestBody.fromString("invoice");

    each(
        "requests to S3",
        List.of(
            bad -> s3.listObjectsV2(
                list -> list.bucket("invoices").continuationToken(bad.text(token))),
            bad -> s3.listObjectsV2(list -> list.bucket("invoices")
                .startAfter(bad.text("2030/1"))
                .prefix(bad.text("20"))
                .delimiter(bad.text("/"))
                .maxKeys(1)),
            bad -> s3.listObjectVersions(list -> list.bucket("invoices")
                .keyMarker(bad.text("2030/1"))
                .versionIdMarker(bad.text(version))
                .delimiter(bad.text("/"))),
            bad -> s3.listMultipartUploads(list -> list.bucket("invoices")
                .keyMarker(bad.text("parts"))
                .uploadIdMarker(bad.text(upload))),
            bad -> s3.listParts(list ->
                list.bucket("invoices").key("parts").uploadId(bad.text(upload)).maxParts(1)),
            bad -> s3.completeMultipartUpload(complete -> complete
                .bucket("invoices")
                .key("parts")
                .uploadId(upload)
                .ifMatch(bad.text(tag))
                .multipartUpload(parts -> parts.parts(
                    CompletedPart.builder().partNumber(1).eTag(bad.text(tag)).build()))),
            bad -> s3.uploadPartCopy(copy -> copy.copySource(bad.text("invoices/large"))
                .destinationBucket("invoices")
                .destinationKey("parts")
                .uploadId(upload)
                .partNumber(2)),
            bad -> s3.uploadPartCopy(copy -> copy.copySource("invoices/large")
                .copySourceRange(bad.text("bytes=1-3"))
                .destinationBucket("invoices")
                .destinationKey("parts")
                .uploadId(upload)
                .partNumber(2)),
            bad -> s3.putObject(
                put -> put.bucket("invoices").key("tagged").tagging(bad.text("a=b&c%20d=e+f")),
                body),
            bad -> s3.putObject(
                put -> put.bucket("invoices")
                    .key(bad.text("2030/4"))
                    .contentMD5(bad.text("dGVuIGJ5dGVzIGFuZCA2IQ=="))
                    .storageClass(bad.text("STANDARD"))
                    .checksumAlgorithm(bad.text("CRC32"))
                    .metadata(Map.of(bad.text("of"), bad.text("orders"))),
                body),
            bad -> s3.putObject(
                put -> put.bucket("invoices").key("sum").checksumSHA256(bad.text("+/==")), body),
            bad -> s3.getObjectAsBytes(
                get -> get.bucket("invoices").key("2030/1").range(bad.text("bytes=1-3"))),
            bad -> s3.getObjectAsBytes(get -> get.bucket("invoices")
                .key("2030/1")
                .versionId(bad.text(version))
                .ifNoneMatch(bad.text(tag))),
            bad -> s3.copyObject(
                copy -> copy.copySource(bad.text("invoices/2030%2F1?versionId=" + version))
                    .destinationBucket("invoices")
                    .destinationKey("copy")),
            bad -> s3.getObjectAsBytes(
                get -> get.bucket(bad.text("invoices")).key(bad.text("2030/1"))),
            bad -> s3.createBucket(bucket -> bucket
                .bucket(bad.text("receipts"))
                .createBucketConfiguration(
                    where -> where.locationConstraint(bad.text("us-west-2")))),
            bad -> s3.putBucketReplication(request -> request
                .bucket("invoices")
                .replicationConfiguration(to -> to.role("role")
                    .rules(ReplicationRule.builder()
                        .status(bad.text("Enabled"))
                        .prefix(bad.text("20"))
                        .destination(there -> there.bucket(bad.text("arn:aws:s3:::invoices")))
                        .build())))));
  }

  @Test
  void ec2AndAutoScalingRefuseAsTheyAreDocumented() {
    Map<String, String> valid = launch();

    each(
        "requests to EC2 and Auto Scaling",
        List.of(
            bad -> ec2.describeInstances(
                list -> list.maxResults(5).nextToken(bad.text(valid.get("token")))),
            bad -> ec2.describeInstanceStatus(
                list -> list.maxResults(5).nextToken(bad.text(valid.get("token")))),
            bad -> ec2.describeImages(
                list -> list.maxResults(5).nextToken(bad.text(valid.get("token")))),
            bad -> ec2.describeImages(list -> list.maxResults(bad.upTo(3) - 1)),
            bad -> ec2.describeInstances(list -> list.maxResults(bad.upTo(8) - 1)),
            bad -> groups.describeAutoScalingGroups(
                list -> list.maxRecords(5).nextToken(bad.text(valid.get("token")))),
            bad -> groups.describeAutoScalingGroups(list -> list.maxRecords(bad.upTo(3) - 1)),
            bad -> ec2.describeInstances(list -> list.instanceIds(bad.text(valid.get("instance")))),
            bad ->
                ec2.terminateInstances(list -> list.instanceIds(bad.text(valid.get("instance")))),
            bad -> ec2.describeInstances(list -> list.filters(
                Filter.builder().name("tag:of").values(bad.text("\\*or?ders*")).build())),
            bad -> ec2.copyImage(copy -> copy.name("copy")
                .sourceImageId(bad.text(valid.get("image")))
                .sourceRegion("us-west-2")),
            bad -> ec2.copyImage(copy -> copy.name("copy")
                .sourceImageId(valid.get("image"))
                .sourceRegion(bad.text("us-west-2"))),
            bad -> ec2.createImage(
                image -> image.name(bad.text("of the orders")).instanceId(valid.get("instance"))),
            bad -> ec2.runInstances(launch -> launch
                .imageId(bad.text(valid.get("image")))
                .instanceType(bad.text("t3.micro"))
                .minCount(1)
                .maxCount(1)),
            bad -> ec2.runInstances(launch -> launch
                .imageId(valid.get("image"))
                .minCount(1)
                .maxCount(1)
                .placement(where -> where.availabilityZone(bad.text("us-east-1a")))),
            bad -> ec2.createTags(tags -> tags.resources(bad.text(valid.get("instance"))))));
  }

  /** Launches an instance, and tells what it is called, its image, and the token of a page. */
  private Map<String, String> launch() {
    String image =
        ec2.describeImages(asked -> asked.owners("amazon")).images().get(0).imageId();
    String instance = ec2.runInstances(
            launch -> launch.imageId(image).minCount(7).maxCount(7).instanceType("t3.micro"))
        .instances()
        .get(0)
        .instanceId();
    String token = ec2.describeInstances(list -> list.maxResults(5)).nextToken();
    return Map.of("image", image, "instance", instance, "token", token);
  }

  private void createDatabase(RdsClient rds, String name) {
    rds.createDBInstance(asked -> asked
        .dbInstanceIdentifier(name)
        .dbInstanceClass("db.r6g.large")
        .engine("postgres")
        .allocatedStorage(20)
        .masterUsername("orders")
        .masterUserPassword("long-enough"));
  }

  @Test
  void rdsRefusesAsItIsDocumented() {
    String marker = twoPages();
    createDatabase(west, "orders");
    cloud.time().advance(Duration.ofMinutes(10));
    west.createDBSnapshot(
        asked -> asked.dbInstanceIdentifier("orders").dbSnapshotIdentifier("taken"));
    cloud.time().advance(Duration.ofMinutes(10));

    each(
        "requests to RDS",
        List.of(
            bad -> east.describeDBInstances(list -> list.marker(bad.text(marker))),
            bad -> east.describeDBSnapshots(list -> list.marker(bad.text(marker))),
            bad -> east.describeDBInstances(
                list -> list.dbInstanceIdentifier(bad.text(ARN + "db:orders"))),
            bad -> west.describeDBSnapshots(
                list -> list.dbSnapshotIdentifier(bad.text(ARN + "snapshot:taken"))),
            bad -> east.createDBInstanceReadReplica(replica -> replica
                .dbInstanceIdentifier(bad.text("replica"))
                .sourceDBInstanceIdentifier(bad.text(ARN + "db:orders"))),
            bad -> east.copyDBSnapshot(
                copy -> copy.sourceDBSnapshotIdentifier(bad.text(ARN + "snapshot:taken"))
                    .targetDBSnapshotIdentifier(bad.text("copied"))),
            bad -> west.restoreDBInstanceFromDBSnapshot(restore -> restore
                .dbSnapshotIdentifier(bad.text(ARN + "snapshot:taken"))
                .dbInstanceIdentifier(bad.text("restored"))),
            bad -> west.promoteReadReplica(
                promote -> promote.dbInstanceIdentifier(bad.text("orders"))),
            bad -> west.modifyDBInstance(change -> change
                .dbInstanceIdentifier("orders")
                .dbInstanceClass(bad.text("db.r6g.large"))
                .newDBInstanceIdentifier(bad.text("orders"))),
            bad -> west.createDBInstance(asked -> asked
                .dbInstanceIdentifier(bad.text("another"))
                .dbInstanceClass(bad.text("db.r6g.large"))
                .engine(bad.text("mysql"))
                .availabilityZone(bad.text("us-west-2a"))
                .allocatedStorage(20)
                .masterUsername("orders")
                .masterUserPassword(bad.text("long-enough")))));
  }

  /** Makes databases, and returns the marker of their second page. */
  private String twoPages() {
    for (int i = 0; i < 21; i++) {
      createDatabase(east, "paged-" + i);
    }
    return east.describeDBInstances(list -> list.maxRecords(20)).marker();
  }

  @Test
  void route53RefusesAsItIsDocumented() {
    var created = dns.createHostedZone(zone -> zone.name("example.com").callerReference("1"));
    String zone = created.hostedZone().id();

    each(
        "requests to Route 53",
        List.of(
            bad -> dns.createHostedZone(
                asked -> asked.name(bad.text("orders.example.com")).callerReference(bad.text("2"))),
            bad -> dns.changeResourceRecordSets(
                asked -> asked.hostedZoneId(zone).changeBatch(batch -> batch.changes(change(bad)))),
            bad -> dns.listResourceRecordSets(list -> list.hostedZoneId(zone)
                .startRecordName(bad.text("www.example.com"))
                .startRecordType(bad.text("A"))
                .startRecordIdentifier(bad.text("east"))),
            bad -> dns.listResourceRecordSets(
                list -> list.hostedZoneId(bad.text(zone)).maxItems(bad.text("1"))),
            bad -> dns.listHostedZonesByName(list -> list.dnsName(bad.text("example.com"))
                .hostedZoneId(bad.text(zone))
                .maxItems(bad.text("1"))),
            bad -> dns.testDNSAnswer(asked -> asked
                .hostedZoneId(zone)
                .recordName(bad.text("a.b.www.example.com"))
                .recordType(bad.text("A"))),
            bad -> dns.getChange(asked -> asked.id(bad.text(created.changeInfo().id())))));
  }

  private static Change change(Mutations bad) {
    ResourceRecordSet record = ResourceRecordSet.builder()
        .name(bad.text("www.example.com"))
        .type(bad.text(bad.one(List.of("A", "CNAME"))))
        .ttl(60L)
        .setIdentifier(bad.text("east"))
        .weight(1L)
        .resourceRecords(ResourceRecord.builder().value(bad.text("192.0.2.1")).build())
        .build();
    return Change.builder().action("UPSERT").resourceRecordSet(record).build();
  }

  @Test
  void aTokenThatNobodyGaveIsRefused() {
    fillBucket();
    launch();
    twoPages();
    Map<String, Consumer<String>> pages = new LinkedHashMap<>();
    pages.put(
        "instances InvalidNextToken",
        token -> ec2.describeInstances(list -> list.nextToken(token)));
    pages.put(
        "states InvalidNextToken",
        token -> ec2.describeInstanceStatus(list -> list.nextToken(token)));
    pages.put(
        "images InvalidNextToken", token -> ec2.describeImages(list -> list.nextToken(token)));
    pages.put(
        "groups InvalidNextToken",
        token -> groups.describeAutoScalingGroups(list -> list.nextToken(token)));
    pages.put(
        "databases InvalidParameterValue",
        token -> east.describeDBInstances(list -> list.marker(token)));
    pages.put(
        "snapshots InvalidParameterValue",
        token -> east.describeDBSnapshots(list -> list.marker(token)));
    pages.put(
        "objects InvalidArgument",
        token -> s3.listObjectsV2(list -> list.bucket("invoices").continuationToken(token)));

    pages.forEach((name, page) -> {
      String code = name.substring(name.indexOf(' ') + 1);
      for (String text : List.of("before 1", "", "aft", "1")) {
        for (String token :
            List.of("!" + text, Base64.getEncoder().encodeToString(("x" + text).getBytes(UTF_8)))) {
          assertThatThrownBy(() -> page.accept(token))
              .as("%s with the token '%s'", name, token)
              .isInstanceOfSatisfying(
                  AwsServiceException.class,
                  refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code));
        }
      }
    });
  }
}
