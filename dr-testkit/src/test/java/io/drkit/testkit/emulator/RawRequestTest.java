package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Requests that no client of this module sends. */
@WithAwsEmulator
class RawRequestTest {
  private final AwsEmulator emulator;

  RawRequestTest(AwsEmulator emulator) {
    this.emulator = emulator;
  }

  @AfterEach
  void restore() {
    emulator.restore("us-east-1");
    emulator.restore("us-west-2");
  }

  @ParameterizedTest
  @CsvSource({
    "iam, us-west-2, ListRoles, us-east-1",
    "elasticloadbalancing, us-west-2, CreateLoadBalancer, us-east-1",
    "cloudfront, us-west-2, ListDistributions, us-east-1",
    "globalaccelerator, us-east-1, ListAccelerators, us-west-2",
    "route53-recovery-control-config, us-east-1, ListClusters, us-west-2",
    "rds, us-west-2, CreateDBCluster&ReplicationSourceIdentifier=arn:aws:rds:us-east-1:1:cluster:c, us-east-1",
  })
  void aControlPlaneOrASourceIsLostWithItsRegion(
      String service, String signedFor, String action, String lost) throws IOException {
    emulator.lose(lost);

    assertThat(post("localhost", service, signedFor, action))
        .startsWith("HTTP/1.1 503 ")
        .contains(lost + " is lost");
  }

  @ParameterizedTest
  @CsvSource({
    "elasticloadbalancing, us-west-2, DescribeLoadBalancers, us-east-1",
    "sts, us-west-2, GetCallerIdentity, us-east-1",
    "iam, us-east-1, ListRoles, us-west-2",
    "rds, us-west-2, ListTagsForResource&ResourceName=arn:aws:rds:us-east-1:1:db:d, us-east-1",
  })
  void whatDoesNotNeedTheLostRegionIsAnswered(
      String service, String signedFor, String action, String lost) throws IOException {
    emulator.lose(lost);

    assertThat(post("localhost", service, signedFor, action)).doesNotStartWith("HTTP/1.1 503 ");
  }

  @Test
  void theHostNamesARegionToo() throws IOException {
    emulator.lose("us-east-1");

    assertThat(post("ec2.us-east-1.amazonaws.com", "ec2", "us-west-2", "DescribeVpcs"))
        .startsWith("HTTP/1.1 503 ");
    assertThat(post("ec2.us-west-2.amazonaws.com", "ec2", "us-west-2", "DescribeVpcs"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aServiceThatIsNotThereIsNamed() throws IOException {
    assertThat(post("localhost", "drs", "us-east-1", "DescribeSourceServers"))
        .startsWith("HTTP/1.1 501 ")
        .contains("NotImplemented", "moto has no drs DescribeSourceServers");
  }

  @Test
  void halfAnUploadLeavesNothingBehind() throws IOException {
    try (S3Client s3 = emulator.client(S3Client.builder(), "us-east-1")) {
      s3.createBucket(request -> request.bucket("halves"));
      try (Socket socket =
          new Socket(emulator.endpoint().getHost(), emulator.endpoint().getPort())) {
        send(
            socket,
            "PUT /halves/object HTTP/1.1\r\nHost: localhost\r\n" + signature("s3", "us-east-1")
                + "Content-Length: 100\r\n\r\nhalf of it");
        socket.shutdownOutput();
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }

      assertThatThrownBy(() -> s3.headObject(request -> request.bucket("halves").key("object")))
          .isInstanceOf(NoSuchKeyException.class);
    }
  }

  @Test
  void aChunkedBodyThatIsNotTheOneThatWasSummedIsRefused() throws IOException {
    try (S3Client s3 = emulator.client(S3Client.builder(), "us-east-1")) {
      s3.createBucket(request -> request.bucket("chunks"));
    }

    assertThat(putInChunks("7\r\nreceipt\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n", 7))
        .startsWith("HTTP/1.1 400 ")
        .contains("<Code>BadDigest</Code>");
    assertThat(putInChunks("7\r\nreceipt\r\n0\r\n\r\n", 7))
        .startsWith("HTTP/1.1 400 ")
        .contains("<Code>MalformedTrailerError</Code>");
    assertThat(putInChunks("7\r\nrec", 7))
        .startsWith("HTTP/1.1 400 ")
        .contains("<Code>IncompleteBody</Code>");
    assertThat(putInChunks("7\r\nreceipt\r\n0\r\nx-amz-checksum-crc32:wDO7AQ==\r\n\r\n", 8))
        .startsWith("HTTP/1.1 400 ")
        .contains("<Code>IncompleteBody</Code>");
  }

  @Test
  void whatTheEmulatorIsNotToldRightIsRefused() {
    EmulatorControl control = EmulatorControl.drkit(emulator.endpoint());

    assertThatThrownBy(() -> control.post("lose", "mode", "refuse"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the parameter 'region' is missing");
    assertThatThrownBy(() -> control.post("lose", "region", "us-east-1", "mode", "sulk"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mode must be one of refuse, hang, reset: 'sulk'");
    assertThatThrownBy(() -> control.post("destroy"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("drkit's emulator has no POST /drkit/destroy");
  }

  private String putInChunks(String chunks, int decoded) throws IOException {
    return exchange(
        "PUT /chunks/object HTTP/1.1\r\nHost: localhost\r\n" + signature("s3", "us-east-1")
            + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
            + "x-amz-trailer: x-amz-checksum-crc32\r\n"
            + "x-amz-decoded-content-length: " + decoded + "\r\n"
            + "Content-Encoding: aws-chunked\r\n"
            + "Content-Length: " + chunks.length() + "\r\nConnection: close\r\n\r\n" + chunks);
  }

  private String post(String host, String service, String region, String action)
      throws IOException {
    String body = "Action=" + action;
    return exchange("POST / HTTP/1.1\r\nHost: " + host + "\r\n" + signature(service, region)
        + "Content-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body);
  }

  private static String signature(String service, String region) {
    return "Authorization: AWS4-HMAC-SHA256 Credential=test/20261123/" + region + "/" + service
        + "/aws4_request, SignedHeaders=host, Signature=0\r\n";
  }

  private String exchange(String request) throws IOException {
    try (Socket socket =
        new Socket(emulator.endpoint().getHost(), emulator.endpoint().getPort())) {
      send(socket, request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void send(Socket socket, String request) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(request.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
