package io.drkit.testkit.aws.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud.WhenLost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.s3.S3Client;

@Timeout(60)
class DetourTest {
  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private FaultyNetwork network;
  private SdkHttpClient http;

  @BeforeEach
  void startServer() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " of "
          + exchange.getRequestHeaders().getFirst("Host"));
      exchange.getRequestBody().readAllBytes();
      byte[] answer = "<Answer/>".getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
      exchange.close();
    });
    server.start();
    network = FaultyNetwork.of(ApacheHttpClient::create)
        .to(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
        .whenLost(WhenLost.REFUSE);
    http = network.client();
  }

  @AfterEach
  void stopServer() {
    http.close();
    server.stop(0);
  }

  private <B extends AwsClientBuilder<B, C> & SdkSyncClientBuilder<B, C>, C> C client(
      B builder, String region) {
    return builder
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
        .httpClient(http)
        .build();
  }

  @Test
  void theServerSeesTheHostThatTheSdkChose() {
    client(Ec2Client.builder(), "us-west-2").describeVpcs();

    assertThat(received).containsExactly("POST / of ec2.us-west-2.amazonaws.com");
  }

  @Test
  void aBucketMovesFromTheHostIntoThePath() {
    client(S3Client.builder(), "us-west-2")
        .putObject(
            request -> request.bucket("receipts").key("2026/a b"), RequestBody.fromString("paid"));

    assertThat(received).containsExactly("PUT /receipts/2026/a%20b of s3.us-west-2.amazonaws.com");
  }

  @Test
  void aSnapshotIsCopiedWithoutNamingItsDestination() {
    client(Ec2Client.builder(), "us-west-2")
        .copySnapshot(request -> request.sourceSnapshotId("snap-1").sourceRegion("us-east-1"));

    assertThat(received).containsExactly("POST / of ec2.us-west-2.amazonaws.com");

    network.strike(Disaster.loss(Site.region("us-east-1")));

    assertThatThrownBy(() -> client(Ec2Client.builder(), "us-west-2")
            .copySnapshot(request -> request.sourceSnapshotId("snap-1").sourceRegion("us-east-1")))
        .hasMessageContaining("The service in us-east-1 is unavailable");
    assertThat(received).hasSize(1);
  }
}
