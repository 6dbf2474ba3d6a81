package io.drkit.testkit.aws;

import io.drkit.Need;
import io.drkit.Site;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * One service of AWS in one region, as far as it is modelled. A subclass is a client of the service as well, and implements the
 * operations that it models; {@link FakeClient} stands between it and its caller, and plays the network.
 */
abstract class AwsFake {
  final FakeAws aws;
  final Site region;

  AwsFake(FakeAws aws, Site region) {
    this.aws = aws;
    this.region = region;
  }

  /** How IAM and the endpoints spell the service, for example {@code rds}. */
  abstract String service();

  /** Whether something of a name is copied from here; a stall of that name then concerns it. */
  boolean replicates(String name) {
    return false;
  }

  /** The same, as the SDK's clients tell it. */
  public final String serviceName() {
    return service();
  }

  /** Does nothing: a client that its caller holds closes for itself. */
  public final void close() {}

  /** What has to answer for an operation. */
  Need need(String operation, Object request) {
    return Need.control(service(), region);
  }

  /** What else has to answer, such as the region of what is copied. */
  List<Need> alsoNeeds(String operation, Object request) {
    return List.of();
  }

  /** The permissions that an operation takes, as IAM spells them. */
  List<String> actions(String operation, Object request) {
    return List.of(service() + ":" + capitalized(operation));
  }

  static String capitalized(String operation) {
    return Character.toUpperCase(operation.charAt(0)) + operation.substring(1);
  }

  /** The operations that a fake models. */
  static Set<String> operations(Class<? extends AwsFake> fake) {
    Set<String> operations = new TreeSet<>();
    for (Method method : fake.getDeclaredMethods()) {
      Class<?>[] given = method.getParameterTypes();
      if (Modifier.isPublic(method.getModifiers())
          && given.length > 0
          && AwsRequest.class.isAssignableFrom(given[0])) {
        operations.add(method.getName());
      }
    }
    return operations;
  }

  /** How often the SDK's waiters for the service look. */
  Duration looksEvery() {
    return Duration.ofSeconds(15);
  }

  /** A builder of the exception that the SDK throws for an error code. */
  abstract AwsServiceException.Builder exception(String code);

  /** What a caller without the permission gets. */
  AwsServiceException denied(String action) {
    return refused(403, "AccessDenied", "User is not authorized to perform: " + action);
  }

  /** What a caller gets who asks too often. */
  AwsServiceException throttled() {
    return refused(400, "Throttling", "Rate exceeded");
  }

  /** What a caller gets whose credentials have expired. */
  AwsServiceException expired() {
    return refused(403, "ExpiredToken", "The security token included in the request is expired");
  }

  final AwsServiceException refused(int status, String code, String message) {
    return refused(status, code, message, Map.of());
  }

  final AwsServiceException refused(
      int status, String code, String message, Map<String, String> headers) {
    return exception(code)
        .message(message)
        .statusCode(status)
        .requestId(aws.newId("", 16))
        .awsErrorDetails(AwsErrorDetails.builder()
            .errorCode(code)
            .errorMessage(message)
            .serviceName(nameOfSdk())
            .sdkHttpResponse(http(status, headers))
            .build())
        .build();
  }

  /** The service as the SDK's exceptions name it, which is how it names its client, too. */
  private String nameOfSdk() {
    return getClass().getSimpleName().substring("Fake".length());
  }

  /** What the SDK shows of the transport beside each answer; the date is there that every service sends. */
  final SdkHttpResponse http(int status, Map<String, String> headers) {
    SdkHttpResponse.Builder response = SdkHttpResponse.builder().statusCode(status);
    response.putHeader(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now().atOffset(ZoneOffset.UTC)));
    headers.forEach(response::putHeader);
    return response.build();
  }

  final Instant now() {
    return aws.now();
  }

  /** A refusal of the fake itself, for what it cannot answer truly. */
  final UnsupportedOperationException notModelled(String what) {
    return new UnsupportedOperationException(
        "not modelled by " + getClass().getSimpleName() + ": " + what);
  }
}
