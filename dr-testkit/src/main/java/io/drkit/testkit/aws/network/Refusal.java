package io.drkit.testkit.aws.network;

import io.drkit.Site;
import java.io.ByteArrayInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;

/** An error that AWS answers with, in the words that the service has for it. The texts hold nothing that XML or JSON escapes. */
record Refusal(Protocol protocol, int status, String code, String message) {

  static Refusal throttled(Protocol protocol) {
    return switch (protocol) {
      case EC2 -> new Refusal(protocol, 503, "RequestLimitExceeded", "Request limit exceeded.");
      case S3 -> new Refusal(protocol, 503, "SlowDown", "Please reduce your request rate.");
      case XML -> new Refusal(protocol, 400, "Throttling", "Rate exceeded");
      case JSON, CBOR -> new Refusal(protocol, 400, "ThrottlingException", "Rate exceeded");
    };
  }

  static Refusal expired(Protocol protocol) {
    String text = "The security token included in the request is expired";
    return switch (protocol) {
      case EC2 -> new Refusal(protocol, 400, "RequestExpired", "Request has expired.");
      case S3 -> new Refusal(protocol, 400, "ExpiredToken", "The provided token has expired.");
      case XML -> new Refusal(protocol, 403, "ExpiredToken", text);
      case JSON, CBOR -> new Refusal(protocol, 400, "ExpiredTokenException", text);
    };
  }

  static Refusal unavailable(Protocol protocol, Site site) {
    return new Refusal(
        protocol,
        503,
        protocol == Protocol.JSON || protocol == Protocol.CBOR
            ? "ServiceUnavailableException"
            : "ServiceUnavailable",
        "The service in " + site + " is unavailable");
  }

  static Refusal noCapacity(Protocol protocol) {
    return protocol == Protocol.EC2
        ? new Refusal(
            protocol,
            500,
            "InsufficientInstanceCapacity",
            "There is no Spot or On-Demand capacity available that matches your request.")
        : new Refusal(
            protocol,
            400,
            "InsufficientDBInstanceCapacity",
            "The specified DB instance class is not available in the specified Availability Zone.");
  }

  HttpExecuteResponse answer(SdkHttpMethod to, String requestId) {
    SdkHttpResponse.Builder head = SdkHttpResponse.builder()
        .statusCode(status)
        .putHeader("Content-Type", protocol.contentType())
        .putHeader("x-amzn-RequestId", requestId);
    switch (protocol) {
      case S3 -> head.putHeader("x-amz-request-id", requestId);
      case JSON -> head.putHeader("x-amzn-ErrorType", code);
      case CBOR -> head.putHeader("smithy-protocol", "rpc-v2-cbor");
      default -> {
        // All that the others say is in the body.
      }
    }
    HttpExecuteResponse.Builder answer = HttpExecuteResponse.builder().response(head.build());
    if (to != SdkHttpMethod.HEAD) {
      answer.responseBody(AbortableInputStream.create(
          new ByteArrayInputStream(protocol.error(code, message, requestId))));
    }
    return answer.build();
  }
}
