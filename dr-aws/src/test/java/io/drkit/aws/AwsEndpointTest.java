package io.drkit.aws;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drkit.DrException;
import io.drkit.EndpointUnavailableException;
import io.drkit.aws.RecordedHttp.Answer;
import io.drkit.testkit.FakeContext;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaResponse;
import software.amazon.awssdk.services.rds.model.RdsException;

class AwsEndpointTest {
  private static final AwsService<RdsClient> RDS =
      AwsService.regional("rds", RdsClient.class, RdsClient::builder);

  private static Answer error(int status, String code, String message) {
    return Answer.of(
        status,
        "<ErrorResponse><Error><Code>" + code + "</Code><Message>" + message
            + "</Message></Error><RequestId>r-1</RequestId></ErrorResponse>");
  }

  private static PromoteReadReplicaRequest request() {
    return PromoteReadReplicaRequest.builder().dbInstanceIdentifier("orders-db").build();
  }

  private static PromoteReadReplicaResponse promote(RecordedHttp http, FakeContext context)
      throws Exception {
    try (AwsClients clients = Emulated.clients(http)) {
      return clients
          .endpoint(RDS, RDS.control(WEST), context)
          .call("promote orders-db", RdsClient::promoteReadReplica, request());
    }
  }

  private static Throwable failure(RecordedHttp http) {
    return catchThrowable(() -> promote(http, Crossing.westward("run-1")));
  }

  private static RecordedHttp throwing(IOException failure) {
    return new RecordedHttp(request -> {
      throw new UncheckedIOException(failure);
    });
  }

  @Test
  void aRefusalSaysWhatFailedWhyAndUnderWhichRequest() {
    RecordedHttp http = new RecordedHttp(
        request -> error(400, "InvalidDBInstanceState", "DB instance is not a read replica."));

    assertThat(failure(http))
        .isExactlyInstanceOf(DrException.class)
        .hasMessage("promote orders-db failed: DB instance is not a read replica."
            + " [InvalidDBInstanceState, requestId=r-1]")
        .cause()
        .isInstanceOf(RdsException.class);
    assertThat(http.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void anEndpointThatFailsIsUnavailableAfterFewAttempts(int status) {
    RecordedHttp http = new RecordedHttp(request -> error(status, "InternalFailure", "Sorry."));

    assertThat(failure(http))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessage("promote orders-db failed: the rds control plane in us-west-2 does not answer:"
            + " Sorry. [InternalFailure, requestId=r-1]");
    assertThat(http.requests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "503, SlowDown",
    "503, RequestLimitExceeded",
    "400, Throttling",
    "500, InsufficientInstanceCapacity",
    "403, AccessDenied"
  })
  void anAnswerAboutTheRequestDoesNotSpeakAgainstTheEndpoint(int status, String code) {
    assertThat(failure(new RecordedHttp(request -> error(status, code, "No."))))
        .isExactlyInstanceOf(DrException.class)
        .hasMessage("promote orders-db failed: No. [" + code + ", requestId=r-1]");
  }

  @Test
  void aNetworkThatFailsIsAnEndpointThatDoesNotAnswer() {
    assertThat(failure(throwing(new ConnectException("Connection refused"))))
        .isInstanceOf(EndpointUnavailableException.class)
        .hasMessageContaining("the rds control plane in us-west-2 does not answer")
        .hasMessageContaining("Connection refused");
    assertThat(failure(throwing(new SocketTimeoutException("Read timed out"))))
        .isInstanceOf(EndpointUnavailableException.class);
  }

  @Test
  void anEndpointThatHangsIsGivenUpWithinTheEnginesLimit() {
    Duration limit = Duration.ofMillis(300);
    long before = System.nanoTime();

    Throwable failure = catchThrowable(
        () -> promote(RecordedHttp.hanging(), Crossing.westward("run-1").requestTimeLimit(limit)));

    assertThat(failure).isInstanceOf(EndpointUnavailableException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(limit, limit.plusSeconds(3));
  }

  @Test
  void whatIsLeftOfTheEnginesLimitShrinks() throws Exception {
    RecordedHttp http = new RecordedHttp(request -> Answer.of(200, "<ok/>"));
    try (AwsClients clients = Emulated.clients(http)) {
      AwsEndpoint<RdsClient> used = clients.endpoint(
          RDS, RDS.control(WEST), Crossing.westward("run-1").requestTimeLimit(Duration.ofNanos(1)));

      assertThatThrownBy(
              () -> used.call("promote orders-db", RdsClient::promoteReadReplica, request()))
          .isInstanceOf(EndpointUnavailableException.class)
          .hasMessage("no request was sent to the rds control plane in us-west-2: the requests"
              + " before it used up the limit of PT0.000000001S");
      assertThat(http.requests()).isEmpty();
    }
  }

  @Test
  void aLostSiteIsNotCalled() throws Exception {
    RecordedHttp http = new RecordedHttp(request -> Answer.of(200, "<ok/>"));

    assertThatThrownBy(() -> promote(http, Crossing.westward("run-1").lost(WEST)))
        .hasMessage(
            "the rds control plane in us-west-2 was not called: us-west-2 is declared lost");
    assertThat(promote(http, Crossing.westward("run-1").lost(EAST))).isNotNull();
    assertThat(http.requests()).hasSize(1);
  }

  @Test
  void anAnswerThatMeansNoIsAnAnswer() throws Exception {
    RecordedHttp http =
        new RecordedHttp(request -> error(404, "DBInstanceNotFound", "There is none."));
    try (AwsClients clients = Emulated.clients(http)) {
      AwsEndpoint<RdsClient> rds =
          clients.endpoint(RDS, RDS.control(WEST), Crossing.westward("run-1"));

      assertThat(
              rds.find("promote", RdsClient::promoteReadReplica, request(), "DBInstanceNotFound"))
          .isEqualTo(Optional.empty());
      assertThat(rds.find("promote", RdsClient::promoteReadReplica, request(), "404"))
          .isEqualTo(Optional.empty());
      assertThatThrownBy(
              () -> rds.find("promote", RdsClient::promoteReadReplica, request(), "Other"))
          .hasMessage("promote failed: There is none. [DBInstanceNotFound, requestId=r-1]");
    }
  }

  @Test
  void missingCredentialsAreSaidInOneSentenceWithTheRemedy() {
    try (AwsClients clients = AwsClients.builder()
        .credentials(AwsCredentialsProviderChain.of(SystemPropertyCredentialsProvider.create()))
        .httpClient(() -> new RecordedHttp(request -> Answer.of(200, "<ok/>")))
        .build()) {
      AwsEndpoint<RdsClient> rds =
          clients.endpoint(RDS, RDS.control(WEST), Crossing.westward("run-1"));

      assertThatThrownBy(
              () -> rds.call("promote orders-db", RdsClient::promoteReadReplica, request()))
          .isExactlyInstanceOf(DrException.class)
          .hasMessage("promote orders-db failed: no AWS credentials were found; hand them to"
              + " AwsClients.builder().credentials(...), or give the process a role or the"
              + " variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SignatureDoesNotMatch, The canonical string was x-amz-security-token:CANARY",
    "InvalidParameterValue, Cannot fetch https://rds.amazonaws.com/?X-Amz-Signature=CANARY now",
    "InvalidParameterValue, Bad header X-Amz-Security-Token: CANARY",
  })
  void secretsThatAwsRepeatsArePrintedNowhere(String code, String message) {
    Throwable failure = failure(new RecordedHttp(request -> error(403, code, message)));

    StringWriter printed = new StringWriter();
    failure.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString())
        .contains("promote orders-db failed: ")
        .contains("[" + code + ", requestId=r-1]")
        .doesNotContain("CANARY");
  }
}
