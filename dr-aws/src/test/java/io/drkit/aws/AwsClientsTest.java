package io.drkit.aws;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Need;
import io.drkit.Site;
import io.drkit.aws.RecordedHttp.Answer;
import io.drkit.testkit.FakeCloud;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesRequest;
import software.amazon.awssdk.services.rds.model.DescribeDbInstancesResponse;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

class AwsClientsTest {
  private static final AwsService<RdsClient> RDS =
      AwsService.regional("rds", RdsClient.class, RdsClient::builder);
  private static final AwsService<S3Client> S3 =
      AwsService.regional("s3", S3Client.class, S3Client::builder, AwsClientsTest::address);
  private static final AwsService<Route53Client> ROUTE_53 = AwsService.global(
      "route53", Route53Client.class, Route53Client::builder, EAST, Region.AWS_GLOBAL);

  private static void address(S3ClientBuilder builder, boolean overridden) {
    builder.forcePathStyle(overridden);
  }

  /** Notes what it is asked, and whether it was closed. */
  private static final class NotingHttp implements SdkHttpClient {
    private final SdkHttpClient answers = new RecordedHttp(request -> Answer.of(200, "<ok/>"));
    private final List<SdkHttpRequest> asked = new ArrayList<>();
    private int closed;

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      asked.add(request.httpRequest());
      return answers.prepareRequest(request);
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private final NotingHttp http = new NotingHttp();
  private final AtomicInteger supplied = new AtomicInteger();

  private AwsClientsBuilder builder() {
    return AwsClients.builder()
        .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
        .httpClient(() -> {
          supplied.incrementAndGet();
          return http;
        });
  }

  @Test
  void aRegionIsAskedAtItsOwnEndpointAndByOneClient() {
    try (AwsClients clients = builder().build()) {
      RdsClient west = clients.client(RDS, WEST);
      west.describeDBInstances();

      assertThat(http.asked.get(0).host()).isEqualTo("rds.us-west-2.amazonaws.com");
      assertThat(clients.client(RDS, WEST)).isSameAs(west);
      assertThat(clients.client(RDS, WEST.zone("us-west-2a"))).isSameAs(west);
      assertThat(clients.client(RDS, EAST)).isNotSameAs(west);
    }
  }

  @Test
  void eachRegionHasConnectionsOfItsOwnAndTheyAreClosedAtTheEnd() {
    AwsClients clients = builder().build();
    clients.client(RDS, WEST);
    clients.client(S3, WEST);
    clients.client(RDS, EAST);
    assertThat(supplied).hasValue(2);

    clients.close();
    clients.close();

    assertThat(http.closed).isEqualTo(2);
    assertThatThrownBy(() -> clients.client(RDS, WEST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("these AwsClients are closed; close them after the engine that runs the plan");
  }

  @Test
  void aGlobalServiceIsAskedAtItsHomeAndSignedForThePartition() {
    try (AwsClients clients = builder().build()) {
      clients.client(ROUTE_53, WEST).listHostedZones();

      assertThat(http.asked.get(0).host()).isEqualTo("route53.amazonaws.com");
      assertThat(http.asked.get(0).firstMatchingHeader("Authorization").orElseThrow())
          .contains("/us-east-1/route53/aws4_request");
      assertThat(clients.client(ROUTE_53, WEST)).isSameAs(clients.client(ROUTE_53, EAST));
      assertThat(ROUTE_53.control(WEST)).isEqualTo(Need.globalControl("route53", EAST));
    }
  }

  @Test
  void anEndpointOfOnesOwnTakesThePlaceOfEveryOtherAndBucketsGoIntoThePath() {
    try (AwsClients clients =
        builder().endpoint(URI.create("http://localhost:5000")).build()) {
      clients.client(S3, WEST).deleteObject(object -> object.bucket("receipts").key("a"));

      assertThat(http.asked.get(0).getUri())
          .isEqualTo(URI.create("http://localhost:5000/receipts/a"));
      assertThat(http.asked.get(0).firstMatchingHeader("Authorization").orElseThrow())
          .contains("/us-west-2/s3/aws4_request");
    }
  }

  @Test
  void aClientThatWasHandedInIsUsedAndNeverClosed() throws Exception {
    List<String> log = new ArrayList<>();
    RdsClient own = new RdsClient() {
      @Override
      public DescribeDbInstancesResponse describeDBInstances(DescribeDbInstancesRequest request) {
        log.add("asked");
        return DescribeDbInstancesResponse.builder().build();
      }

      @Override
      public String serviceName() {
        return "rds";
      }

      @Override
      public void close() {
        log.add("closed");
      }
    };

    try (AwsClients clients = builder().client(RdsClient.class, WEST, own).build()) {
      AwsEndpoint<RdsClient> west =
          clients.endpoint(RDS, RDS.control(WEST), Crossing.westward("run-1"));
      west.call(
          "look",
          (RdsClient client, DescribeDbInstancesRequest request) ->
              client.describeDBInstances(request),
          DescribeDbInstancesRequest.builder().build());
      assertThat(clients.client(RDS, EAST)).isNotSameAs(own);
    }

    assertThat(log).containsExactly("asked");
    assertThat(supplied).hasValue(1);
  }

  @Test
  void twoClientsForOnePlaceAreRefused() {
    AwsClientsBuilder builder = builder();
    try (RdsClient own =
        RdsClient.builder().region(Region.US_WEST_2).httpClient(http).build()) {
      builder.client(RdsClient.class, WEST, own);

      assertThatThrownBy(() -> builder.client(RdsClient.class, WEST, own))
          .hasMessage("two clients of type RdsClient for us-west-2; hand in one");
      assertThatThrownBy(() -> builder.client(RdsClient.class, Site.onPremises("head-office"), own))
          .hasMessageStartingWith("a client asks a region, but head-office is ON_PREMISES");
    }
  }

  @Test
  void clientsMayComeFromElsewhere() {
    FakeCloud cloud = FakeCloud.builder().build();
    List<String> asked = new ArrayList<>();
    RdsClient own = cloud.client(RdsClient.class, "us-east-1");
    AwsClientSource source = new AwsClientSource() {
      @Override
      public <C extends SdkClient> C client(Class<C> type, String region) {
        asked.add(type.getSimpleName() + " " + region);
        return cloud.client(type, region);
      }
    };
    RdsClient west;
    try (AwsClients clients = AwsClients.builder()
        .client(RdsClient.class, EAST, own)
        .clientsFrom(source)
        .build()) {
      west = clients.client(RDS, WEST);
      assertThat(clients.client(RDS, WEST)).isSameAs(west);
      assertThat(clients.client(RDS, EAST)).as("handed in").isSameAs(own);
    }
    assertThat(asked).containsExactly("RdsClient us-west-2");
    assertThat(west.describeDBInstances().dbInstances()).as("not closed here").isEmpty();
  }

  @Test
  void aSourceWithoutAClientIsNamed() {
    try (AwsClients clients = AwsClients.builder().clientsFrom(nothing()).build()) {
      assertThatThrownBy(() -> clients.client(RDS, WEST))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("the source of clients returned no RdsClient for us-west-2");
    }
  }

  @SuppressWarnings("NullAway") // The mistake.
  private static AwsClientSource nothing() {
    return new AwsClientSource() {
      @Override
      public <C extends SdkClient> C client(Class<C> type, String region) {
        return null;
      }
    };
  }

  @Test
  void aSiteOnPremisesHasNoAws() {
    try (AwsClients clients = builder().build()) {
      assertThatThrownBy(() -> clients.client(RDS, Site.onPremises("head-office")))
          .hasMessage("head-office is on premises and has no rds; give the plan a region, with"
              + " Site.region(name)");
    }
  }

  @Test
  void theOneHttpClientOnTheClassPathIsFound() {
    try (AwsClients clients = AwsClients.builder()
        .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
        .build()) {
      assertThat(clients.client(RDS, WEST).serviceClientConfiguration().region())
          .isEqualTo(Region.US_WEST_2);
    }
  }
}
