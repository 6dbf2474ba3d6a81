package io.drkit.aws;

import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failure of the SDK says: whether it speaks against the endpoint, and what a person has to know. */
final class AwsFailure {
  private static final List<Integer> NOT_ANSWERING = List.of(500, 502, 503, 504);
  private static final Pattern QUERY = Pattern.compile("(https?://[^\\s?\"'<>]+)\\?[^\\s\"'<>]+");
  private static final Pattern SECRET = Pattern.compile(
      "(?i)(X-Amz-(?:Security-Token|Signature|Credential)|AWSAccessKeyId|Signature|Authorization)"
          + "(\\s*[=:]\\s*)[^&\\n]+");

  private AwsFailure() {}

  /** Returns what is thrown inside of the engine's guard, where it counts for or against the endpoint. */
  static Exception judged(String purpose, Need need, SdkException failure) {
    if (failure instanceof AbortedException) {
      InterruptedException interrupted =
          new InterruptedException(purpose + " was interrupted; nobody knows whether it was done");
      interrupted.initCause(failure);
      return interrupted;
    }
    if (speaksAgainstEndpoint(failure)) {
      return new EndpointUnavailableException(
          need,
          purpose + " failed: the " + need + " does not answer: " + sentence(failure)
              + bracket(failure),
          clean(failure));
    }
    return failure;
  }

  /** Returns what is thrown to the engine for a failure that speaks against the request. */
  static DrException explained(String purpose, SdkException failure) {
    if (lacksCredentials(failure)) {
      return new DrException(
          purpose + " failed: no AWS credentials were found; hand them to"
              + " AwsClients.builder().credentials(...), or give the process a role or the variables"
              + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
          failure);
    }
    return new DrException(
        purpose + " failed: " + sentence(failure) + bracket(failure), clean(failure));
  }

  static boolean speaksAgainstEndpoint(SdkException failure) {
    if (failure instanceof ApiCallTimeoutException
        || failure instanceof ApiCallAttemptTimeoutException) {
      return true;
    }
    if (failure instanceof AwsServiceException answered) {
      // EC2 says with a 500 that it has no machine left: the endpoint works, the zone is full.
      return NOT_ANSWERING.contains(answered.statusCode())
          && !answered.isThrottlingException()
          && !code(answered).startsWith("Insufficient");
    }
    return failure instanceof SdkClientException
        && !lacksCredentials(failure)
        && causedByNetwork(failure);
  }

  static String code(AwsServiceException failure) {
    AwsErrorDetails details = failure.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static boolean causedByNetwork(Throwable failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return true;
      }
    }
    return false;
  }

  private static boolean lacksCredentials(SdkException failure) {
    String message = failure.getMessage();
    return failure instanceof SdkClientException
        && message != null
        && message.contains("Unable to load credentials");
  }

  private static String sentence(SdkException failure) {
    if (failure instanceof AwsServiceException answered) {
      AwsErrorDetails details = answered.awsErrorDetails();
      String message = details == null ? null : details.errorMessage();
      return message == null || message.isBlank()
          ? "HTTP status " + answered.statusCode()
          : withoutSecrets(code(answered), message);
    }
    Throwable deepest = failure;
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    String message = String.valueOf(failure.getMessage());
    String detail = deepest.getMessage();
    return withoutSecrets(
        "", detail == null || message.contains(detail) ? message : message + " (" + detail + ")");
  }

  private static String bracket(SdkException failure) {
    if (!(failure instanceof AwsServiceException answered)) {
      return "";
    }
    String code = code(answered).isEmpty() ? "HTTP " + answered.statusCode() : code(answered);
    String request = answered.requestId();
    return " [" + code + (request == null ? "" : ", requestId=" + request) + "]";
  }

  /** AWS repeats what it was sent where a signature does not fit: headers with session tokens, signed addresses. */
  private static String withoutSecrets(String code, String message) {
    if (code.equals("SignatureDoesNotMatch")) {
      return "the request's signature does not fit; check the secret key and this machine's clock";
    }
    String withoutQueries = QUERY.matcher(message).replaceAll("$1?...");
    return SECRET.matcher(withoutQueries).replaceAll("$1$2...");
  }

  /** Returns the failure itself, or the same answer without what must not be printed. */
  private static @Nullable SdkException clean(SdkException failure) {
    if (failure instanceof AwsServiceException answered && answered.awsErrorDetails() != null) {
      String message = answered.awsErrorDetails().errorMessage();
      if (message != null && !withoutSecrets(code(answered), message).equals(message)) {
        return AwsServiceException.builder()
            .statusCode(answered.statusCode())
            .requestId(answered.requestId())
            .awsErrorDetails(AwsErrorDetails.builder()
                .errorCode(code(answered))
                .errorMessage(withoutSecrets(code(answered), message))
                .serviceName(answered.awsErrorDetails().serviceName())
                .build())
            .build();
      }
    }
    return failure;
  }
}
