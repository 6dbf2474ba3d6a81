package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.DeleteBucketRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.GetObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.InvalidRequestException;
import software.amazon.awssdk.services.s3.model.ListBucketsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutObjectTaggingResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * S3: buckets of one namespace over all regions, each in one of them, with objects, versions and uploads in parts. Strongly consistent.
 * A client reaches the buckets of its own region and is sent away from others.
 */
final class FakeS3 extends AwsFake implements S3Client {
  /** Where names are made unique, and settings are changed from (AWS Fault Isolation Boundaries, "Global services"). */
  static final Site HOME = Site.region("us-east-1");

  private static final Set<String> OF_SETTINGS = Set.of(
      "createBucket",
      "deleteBucket",
      "putBucketVersioning",
      "putBucketReplication",
      "deleteBucketReplication");

  /** The permissions of operations that are not called like them. */
  private static final Map<String, List<String>> PERMISSIONS = Map.ofEntries(
      Map.entry("headBucket", List.of("s3:ListBucket")),
      Map.entry("listObjectsV2", List.of("s3:ListBucket")),
      Map.entry("listObjectVersions", List.of("s3:ListBucketVersions")),
      Map.entry("listBuckets", List.of("s3:ListAllMyBuckets")),
      Map.entry("getBucketReplication", List.of("s3:GetReplicationConfiguration")),
      Map.entry("putBucketReplication", List.of("s3:PutReplicationConfiguration")),
      Map.entry("deleteBucketReplication", List.of("s3:PutReplicationConfiguration")),
      Map.entry("headObject", List.of("s3:GetObject")),
      Map.entry("deleteObjects", List.of("s3:DeleteObject")),
      Map.entry("copyObject", List.of("s3:GetObject", "s3:PutObject")),
      Map.entry("createMultipartUpload", List.of("s3:PutObject")),
      Map.entry("uploadPart", List.of("s3:PutObject")),
      Map.entry("uploadPartCopy", List.of("s3:GetObject", "s3:PutObject")),
      Map.entry("completeMultipartUpload", List.of("s3:PutObject")),
      Map.entry("listParts", List.of("s3:ListMultipartUploadParts")),
      Map.entry("listMultipartUploads", List.of("s3:ListBucketMultipartUploads")));

  /** The buckets of all regions; used of the one fake that is at home. */
  private final Map<String, S3Bucket> buckets = new LinkedHashMap<>();

  private final S3Replication replication = new S3Replication(this);
  private final S3Settings settings = new S3Settings(this);
  private final S3Incoming incoming = new S3Incoming(this);
  private final S3Objects objects = new S3Objects(this, incoming);
  private final S3Deletions deletions = new S3Deletions(this, objects);
  private final S3Uploads uploads = new S3Uploads(this, objects, incoming);
  private final S3Listings listings = new S3Listings(this, uploads);

  FakeS3(FakeAws aws, Site region) {
    super(aws, region);
  }

  @Override
  Duration looksEvery() {
    return Duration.ofSeconds(5);
  }

  @Override
  String service() {
    return "s3";
  }

  @Override
  Need need(String operation, Object request) {
    return OF_SETTINGS.contains(operation)
        ? Need.control(service(), region)
        : Need.data(service(), region);
  }

  @Override
  List<Need> alsoNeeds(String operation, Object request) {
    if (OF_SETTINGS.contains(operation)) {
      List<Need> needs = new ArrayList<>(List.of(Need.globalControl(service(), HOME)));
      if (request instanceof CreateBucketRequest create) {
        S3Settings.location(create)
            .filter(S3Settings::isNameOfRegion)
            .ifPresent(where -> needs.add(Need.control(service(), Site.region(where))));
      }
      return needs;
    }
    if (request instanceof CopyObjectRequest || request instanceof UploadPartCopyRequest) {
      return named(S3Source.of(this, (S3Request) request).bucket())
          .map(source -> List.of(Need.data(service(), source.region)))
          .orElse(List.of());
    }
    return List.of();
  }

  @Override
  List<String> actions(String operation, Object request) {
    List<String> actions =
        new ArrayList<>(PERMISSIONS.getOrDefault(operation, super.actions(operation, request)));
    if (!(request instanceof S3Request asked)) {
      return actions;
    }
    boolean copies = asked instanceof CopyObjectRequest || asked instanceof UploadPartCopyRequest;
    String version = copies ? S3Source.of(this, asked).version() : Members.text(asked, "VersionId");
    if (version != null) {
      actions.replaceAll(
          action -> action.matches("s3:(Get|Delete)Object") ? action + "Version" : action);
    }
    if (asked instanceof CopyObjectRequest copy
        && copy.taggingDirective() != TaggingDirective.REPLACE) {
      if (objects.sourceHasTags(copy)) {
        actions.addAll(List.of("s3:GetObjectTagging", "s3:PutObjectTagging"));
      }
    } else if (Members.get(asked, "Tagging", Object.class) instanceof String) {
      actions.add("s3:PutObjectTagging");
    }
    return actions;
  }

  /** Every permission that an operation takes here. */
  static Set<String> permissions() {
    Set<String> permissions = new LinkedHashSet<>();
    for (String operation : operations(FakeS3.class)) {
      permissions.addAll(
          PERMISSIONS.getOrDefault(operation, List.of("s3:" + capitalized(operation))));
    }
    permissions.addAll(List.of("s3:GetObjectVersion", "s3:DeleteObjectVersion"));
    return permissions;
  }

  @Override
  AwsServiceException.Builder exception(String code) {
    return switch (code) {
      case "NoSuchBucket" -> NoSuchBucketException.builder();
      case "NoSuchKey" -> NoSuchKeyException.builder();
      case "NoSuchUpload" -> NoSuchUploadException.builder();
      case "BucketAlreadyOwnedByYou" -> BucketAlreadyOwnedByYouException.builder();
      case "InvalidRequest" -> InvalidRequestException.builder();
      default -> S3Exception.builder();
    };
  }

  @Override
  AwsServiceException throttled() {
    return refused(503, "SlowDown", "Please reduce your request rate.");
  }

  @Override
  AwsServiceException expired() {
    return refused(400, "ExpiredToken", "The provided token has expired.");
  }

  /** A bucket, wherever it lies. */
  Optional<S3Bucket> named(String name) {
    return Optional.ofNullable(all().get(name));
  }

  @Override
  boolean replicates(String name) {
    return buckets.containsKey(name);
  }

  /** The buckets of all regions. */
  Map<String, S3Bucket> all() {
    FakeS3 home = (FakeS3) aws.fake(Modelled.of(S3Client.class).orElseThrow(), HOME);
    return home.buckets;
  }

  /** The bucket that a request is about, which lies in this region. */
  S3Bucket bucket(S3Request request) {
    String name = Members.text(request, "Bucket");
    String named = name == null ? Members.text(request, "DestinationBucket") : name;
    if (named == null) {
      throw new IllegalArgumentException("Parameter 'Bucket' must not be null");
    }
    S3Bucket bucket = named(named)
        .orElseThrow(() -> refused(404, "NoSuchBucket", "The specified bucket does not exist"));
    if (!bucket.region.equals(region)) {
      throw refused(
          301,
          "PermanentRedirect",
          "The bucket you are attempting to access must be addressed using the specified endpoint."
              + " Please send all future requests to this endpoint.",
          Map.of("x-amz-bucket-region", bucket.region.name()));
    }
    checkOwner(Members.text(request, "ExpectedBucketOwner"));
    return bucket;
  }

  void checkOwner(@Nullable String expected) {
    if (expected != null && !expected.equals(FakeAws.ACCOUNT)) {
      throw refused(403, "AccessDenied", "Access Denied");
    }
  }

  /** Refuses a request that has more to it than is modelled. */
  void modelled(S3Request request, String members) {
    Set<String> modelled = Set.of(members.split(" "));
    for (String member : Members.given(request)) {
      if (!modelled.contains(member)) {
        String type = request.getClass().getSimpleName();
        throw notModelled(Character.toLowerCase(type.charAt(0))
            + type.substring(1).replace("Request", "") + " with " + member);
      }
    }
  }

  /** Adds a version that was written, and sends it to where the bucket is replicated. */
  S3Version added(S3Bucket bucket, S3Version version) {
    bucket.add(version);
    replication.send(bucket, version);
    return version;
  }

  /** The version's id as an answer tells it: not for a bucket that never kept versions. */
  Optional<String> versionId(S3Bucket bucket, S3Version version) {
    return bucket.versioning == null ? Optional.empty() : Optional.of(version.id());
  }

  @Override
  public CreateBucketResponse createBucket(CreateBucketRequest request) {
    return settings.create(request);
  }

  @Override
  public DeleteBucketResponse deleteBucket(DeleteBucketRequest request) {
    return settings.delete(request);
  }

  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest request) {
    return settings.head(request);
  }

  @Override
  public ListBucketsResponse listBuckets(ListBucketsRequest request) {
    return settings.list(request);
  }

  @Override
  public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
    return settings.location(request);
  }

  @Override
  public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
    return settings.versioning(request);
  }

  @Override
  public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
    return settings.keepVersions(request);
  }

  @Override
  public PutBucketReplicationResponse putBucketReplication(PutBucketReplicationRequest request) {
    return replication.put(request);
  }

  @Override
  public GetBucketReplicationResponse getBucketReplication(GetBucketReplicationRequest request) {
    return replication.get(request);
  }

  @Override
  public DeleteBucketReplicationResponse deleteBucketReplication(
      DeleteBucketReplicationRequest request) {
    return replication.delete(request);
  }

  @Override
  public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
    return objects.put(request, body);
  }

  @Override
  public <R> R getObject(
      GetObjectRequest request, ResponseTransformer<GetObjectResponse, R> transformer) {
    return objects.get(request, transformer);
  }

  @Override
  public HeadObjectResponse headObject(HeadObjectRequest request) {
    return bodiless("NoSuchKey", () -> objects.head(request));
  }

  @Override
  public CopyObjectResponse copyObject(CopyObjectRequest request) {
    return objects.copy(request);
  }

  @Override
  public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
    return deletions.one(request);
  }

  @Override
  public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
    return deletions.many(request);
  }

  @Override
  public GetObjectTaggingResponse getObjectTagging(GetObjectTaggingRequest request) {
    modelled(request, "Bucket Key VersionId ExpectedBucketOwner");
    S3Bucket bucket = bucket(request);
    S3Version version = objects.find(bucket, request.key(), request.versionId());
    GetObjectTaggingResponse.Builder response =
        GetObjectTaggingResponse.builder().tagSet(version.object().orElseThrow().tags());
    versionId(bucket, version).ifPresent(response::versionId);
    return response.build();
  }

  @Override
  public PutObjectTaggingResponse putObjectTagging(PutObjectTaggingRequest request) {
    modelled(request, "Bucket Key VersionId Tagging ExpectedBucketOwner");
    S3Bucket bucket = bucket(request);
    S3Version version = objects.find(bucket, request.key(), request.versionId());
    List<Tag> tags = S3Tags.checked(this, request.tagging().tagSet());
    bucket.replace(version.with(version.object().orElseThrow().tagged(tags)));
    PutObjectTaggingResponse.Builder response = PutObjectTaggingResponse.builder();
    versionId(bucket, version).ifPresent(response::versionId);
    return response.build();
  }

  @Override
  public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
    return uploads.create(request);
  }

  @Override
  public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
    return uploads.uploadPart(request, body);
  }

  @Override
  public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
    return uploads.copyPart(request);
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      CompleteMultipartUploadRequest request) {
    return uploads.complete(request);
  }

  @Override
  public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
    return uploads.abort(request);
  }

  @Override
  public ListMultipartUploadsResponse listMultipartUploads(ListMultipartUploadsRequest request) {
    return listings.uploads(request);
  }

  @Override
  public ListPartsResponse listParts(ListPartsRequest request) {
    return listings.parts(request);
  }

  @Override
  public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
    return listings.objects(request);
  }

  @Override
  public ListObjectVersionsResponse listObjectVersions(ListObjectVersionsRequest request) {
    return listings.versions(request);
  }

  AwsServiceException invalidRequest(String message) {
    return refused(400, "InvalidRequest", message);
  }

  /** The answer to a HEAD has no body to tell a code in; the SDK takes a 404 for one of what was asked for. */
  <T> T bodiless(String missing, Supplier<T> answer) {
    try {
      return answer.get();
    } catch (S3Exception refused) {
      throw refused.statusCode() == 404
          ? refused(404, missing, refused.awsErrorDetails().errorMessage())
          : withoutBody(refused);
    }
  }

  /** A refusal as the SDK shows it where the answer had no body. */
  AwsServiceException withoutBody(AwsServiceException refused) {
    return S3Exception.builder()
        .statusCode(refused.statusCode())
        .requestId(refused.requestId())
        .awsErrorDetails(refused.awsErrorDetails().toBuilder()
            .errorCode(null)
            .errorMessage(null)
            .build())
        .build();
  }
}
