package io.drkit.testkit.aws.network;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.SdkHttpRequest;

/** The wire formats of AWS, as far as errors go. */
enum Protocol {
  EC2("text/xml"),
  /** The query protocol, and what answers in XML but is not S3. */
  XML("text/xml"),
  S3("application/xml"),
  JSON("application/x-amz-json-1.1"),
  CBOR("application/cbor");

  /** A text of up to 255 bytes, in CBOR's own words. */
  private static final int CBOR_TEXT = 0x78;

  private static final int CBOR_MAP_OF_TWO = 0xA2;

  private final String contentType;

  Protocol(String contentType) {
    this.contentType = contentType;
  }

  /** The protocol of a request, which asks for an answer in the same one. */
  static Protocol of(SdkHttpRequest request, String service, boolean form) {
    if (request.firstMatchingHeader("smithy-protocol").isPresent()) {
      return CBOR;
    }
    if (request.firstMatchingHeader("X-Amz-Target").isPresent()) {
      return JSON;
    }
    if (form) {
      return service.equals("ec2") ? EC2 : XML;
    }
    return switch (service) {
      case "s3", "s3express" -> request.encodedPath().startsWith("/v20180820/") ? XML : S3;
      case "route53", "cloudfront" -> XML;
      default -> JSON;
    };
  }

  String contentType() {
    return contentType;
  }

  byte[] error(String code, String message, String requestId) {
    return switch (this) {
      case EC2 ->
        utf8("<Response><Errors><Error><Code>" + code + "</Code><Message>" + message
            + "</Message></Error></Errors><RequestID>" + requestId + "</RequestID></Response>");
      case XML ->
        utf8("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message
            + "</Message></Error><RequestId>" + requestId + "</RequestId></ErrorResponse>");
      case S3 ->
        utf8("<Error><Code>" + code + "</Code><Message>" + message + "</Message><RequestId>"
            + requestId + "</RequestId></Error>");
      case JSON -> utf8("{\"__type\":\"" + code + "\",\"message\":\"" + message + "\"}");
      case CBOR -> cbor("__type", code, "message", message);
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] cbor(String... texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(CBOR_MAP_OF_TWO);
    for (String text : texts) {
      bytes.write(CBOR_TEXT);
      bytes.write(text.length());
      bytes.writeBytes(utf8(text));
    }
    return bytes.toByteArray();
  }
}
