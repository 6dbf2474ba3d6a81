package io.drkit.testkit.aws.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** Errors in the format that no client of the tests asks for. */
class RefusalTest {
  private static final SdkHttpRequest REQUEST = SdkHttpRequest.builder()
      .method(SdkHttpMethod.POST)
      .uri(URI.create("https://monitoring.us-west-2.amazonaws.com/service/Metrics/operation/Get"))
      .putHeader("smithy-protocol", "rpc-v2-cbor")
      .build();

  /** Spelled out from RFC 8949: a map of two; each text is led by an x and its length, in one byte. */
  @Test
  void whoAsksInCborIsRefusedInCbor() throws IOException {
    Protocol protocol = Protocol.of(REQUEST, "monitoring", false);

    HttpExecuteResponse answer = Refusal.expired(protocol).answer(SdkHttpMethod.POST, "drkit-1");

    assertThat(answer.httpResponse().statusCode()).isEqualTo(400);
    assertThat(answer.httpResponse().firstMatchingHeader("Content-Type"))
        .contains("application/cbor");
    assertThat(answer.httpResponse().firstMatchingHeader("smithy-protocol"))
        .contains("rpc-v2-cbor");
    assertThat(answer.httpResponse().firstMatchingHeader("x-amzn-RequestId")).contains("drkit-1");
    assertThat(body(answer))
        .isEqualTo("\u00a2"
            + "x\u0006__typex\u0015ExpiredTokenException"
            + "x\u0007messagex5The security token included in the request is expired");
  }

  @Test
  void anAnswerToALookAtTheHeadHasNoBody() {
    assertThat(
            Refusal.throttled(Protocol.S3).answer(SdkHttpMethod.HEAD, "drkit-1").responseBody())
        .isEmpty();
  }

  /** Each byte as a character. */
  private static String body(HttpExecuteResponse answer) throws IOException {
    return new String(
        answer.responseBody().orElseThrow().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
