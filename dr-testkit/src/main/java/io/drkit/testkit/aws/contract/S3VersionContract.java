package io.drkit.testkit.aws.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteMarkerReplicationStatus;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ReplicationRuleStatus;
import software.amazon.awssdk.services.s3.model.ReplicationStatus;

/** What S3 does with the versions of objects, and how it replicates them to another region. */
public abstract class S3VersionContract extends S3Account {
  /**
   * For those who extend it.
   *
   * @param aws what is under test
   */
  protected S3VersionContract(AwsUnderTest aws) {
    super(aws);
  }

  /** Each write is a version where versions are kept; deleting hides them, and deleting a version destroys it. */
  @Test
  public void versionsAreKeptAndHidden() {
    String bucket = westBucket();
    put(west, bucket, "a", "before");
    keepingVersions(bucket);
    String first = put(west, bucket, "a", "1").versionId();
    String second = put(west, bucket, "a", "2").versionId();

    DeleteObjectResponse deleted =
        west.deleteObject(object -> object.bucket(bucket).key("a"));

    assertThat(deleted.deleteMarker()).isTrue();
    assertThatThrownBy(() -> get(west, bucket, "a")).isInstanceOf(NoSuchKeyException.class);
    assertThat(version(bucket, first)).isEqualTo("1");
    assertThat(version(bucket, "null")).isEqualTo("before");
    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(second));
    west.deleteObject(object -> object.bucket(bucket).key("a").versionId(deleted.versionId()));
    assertThat(get(west, bucket, "a")).isEqualTo("1");
    refused(404, "NoSuchVersion", () -> version(bucket, second));
  }

  /** A delete marker has nothing to read, not even for those who know its version. */
  @Test
  public void aDeleteMarkerCannotBeRead() {
    String bucket = keepingVersions(westBucket());
    put(west, bucket, "a", "1");
    String marker = west.deleteObject(object -> object.bucket(bucket).key("a")).versionId();

    refused(405, "MethodNotAllowed", () -> version(bucket, marker));
    status(405, () -> west.headObject(object -> object.bucket(bucket).key("a").versionId(marker)));
  }

  private String version(String bucket, String id) {
    return west.getObjectAsBytes(object -> object.bucket(bucket).key("a").versionId(id))
        .asUtf8String();
  }

  /** A bucket that stopped keeping versions overwrites its last one and keeps the others. */
  @Test
  public void aSuspendedBucketOverwritesItsNullVersion() {
    String bucket = keepingVersions(westBucket());
    String first = put(west, bucket, "a", "1").versionId();
    west.putBucketVersioning(request -> request
        .bucket(bucket)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.SUSPENDED)));
    put(west, bucket, "a", "2");
    put(west, bucket, "a", "3");

    assertThat(west.getBucketVersioning(which -> which.bucket(bucket)).status())
        .isEqualTo(BucketVersioningStatus.SUSPENDED);
    assertThat(west.listObjectVersions(list -> list.bucket(bucket)).versions())
        .extracting(ObjectVersion::versionId)
        .containsExactlyInAnyOrder("null", first);
    west.deleteObject(object -> object.bucket(bucket).key("a"));
    assertThat(version(bucket, first)).isEqualTo("1");
  }

  /** Versions are listed by key, the youngest first, with the delete markers beside them. */
  @Test
  public void versionsAreListedPageByPage() {
    String bucket = keepingVersions(westBucket());
    List<String> ids = new ArrayList<>();
    for (String key : List.of("b", "a", "a", "b", "c")) {
      ids.add(put(west, bucket, key, "1").versionId());
    }
    west.deleteObject(object -> object.bucket(bucket).key("c"));

    ListObjectVersionsResponse all = west.listObjectVersions(list -> list.bucket(bucket));
    List<String> paged = new ArrayList<>();
    west.listObjectVersionsPaginator(list -> list.bucket(bucket).maxKeys(2))
        .versions()
        .forEach(version -> paged.add(version.versionId()));

    assertThat(all.versions())
        .extracting(ObjectVersion::versionId)
        .containsExactly(ids.get(2), ids.get(1), ids.get(3), ids.get(0), ids.get(4));
    assertThat(all.versions())
        .extracting(ObjectVersion::isLatest)
        .containsExactly(true, false, true, false, false);
    assertThat(all.deleteMarkers()).extracting(DeleteMarkerEntry::key).containsExactly("c");
    assertThat(all.deleteMarkers()).extracting(DeleteMarkerEntry::isLatest).containsExactly(true);
    assertThat(paged).containsExactly(ids.get(2), ids.get(1), ids.get(3), ids.get(0), ids.get(4));
  }

  /** Only buckets that keep versions are replicated, and only to such ones. */
  @Test
  public void replicationTakesVersions() {
    String source = westBucket();
    String destination = eastBucket();

    refused(400, "InvalidRequest", () -> replicate(source, destination));
    refused(
        404,
        "ReplicationConfigurationNotFoundError",
        () -> west.getBucketReplication(bucket -> bucket.bucket(source)));
    keepingVersions(source);
    refused(400, "InvalidRequest", () -> replicate(source, destination));
  }

  /** What is written from when it was set on reaches the other bucket later, as the same version, and says so. */
  @Test
  public void whatIsWrittenIsReplicatedLater() {
    String source = keepingVersions(westBucket());
    String destination = eastBucket();
    east.putBucketVersioning(request -> request
        .bucket(destination)
        .versioningConfiguration(keep -> keep.status(BucketVersioningStatus.ENABLED)));
    put(west, source, "before", "1");
    replicate(source, destination);
    String id = put(west, source, "a", "1").versionId();

    assertThat(west.headObject(object -> object.bucket(source).key("a")).replicationStatus())
        .isIn(ReplicationStatus.PENDING, ReplicationStatus.COMPLETED);
    soon(
        () -> west.headObject(object -> object.bucket(source).key("a")).replicationStatus(),
        ReplicationStatus.COMPLETED::equals);

    HeadObjectResponse replica =
        east.headObject(object -> object.bucket(destination).key("a"));
    assertThat(replica.versionId()).isEqualTo(id);
    assertThat(replica.replicationStatus()).isEqualTo(ReplicationStatus.REPLICA);
    assertThatThrownBy(() -> get(east, destination, "before"))
        .isInstanceOf(NoSuchKeyException.class);
  }

  private void replicate(String source, String destination) {
    ReplicationRule all = ReplicationRule.builder()
        .id("all")
        .priority(1)
        .status(ReplicationRuleStatus.ENABLED)
        .filter(filter -> filter.prefix(""))
        .deleteMarkerReplication(marker -> marker.status(DeleteMarkerReplicationStatus.DISABLED))
        .destination(to -> to.bucket("arn:aws:s3:::" + destination))
        .build();
    west.putBucketReplication(request -> request
        .bucket(source)
        .replicationConfiguration(
            rules -> rules.role("arn:aws:iam::123456789012:role/replication").rules(all)));
  }
}
