package io.drkit.examples.cli;

import io.drkit.Site;
import io.drkit.aws.AwsClients;
import io.drkit.examples.orders.OrdersClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A quick look whether AWS answers at all, before anything is written down or changed. */
final class Reachability {
  private static final int CONNECT_MILLIS = 3_000;
  private static final List<String> BAD_CREDENTIALS = List.of(
      "AuthFailure",
      "ExpiredToken",
      "IncompleteSignature",
      "InvalidClientTokenId",
      "MissingAuthenticationToken",
      "RequestExpired",
      "SignatureDoesNotMatch",
      "UnrecognizedClientException");

  private final AwsOptions aws;

  Reachability(AwsOptions aws) {
    this.aws = aws;
  }

  /**
   * Asks RDS in each site for its databases, as the plan does, which changes nothing and costs nothing.
   *
   * @throws RefusalException if nobody answers, or not as AWS does, or the credentials are no good
   */
  void check(AwsClients clients, List<Site> sites) {
    aws.endpoint().ifPresent(Reachability::connect);
    for (Site site : sites) {
      try {
        OrdersClients.of(clients).rds().get(site).describeDBInstances();
      } catch (AwsServiceException answer) {
        judge(answer, site);
      } catch (SdkClientException silence) {
        throw new RefusalException(
            "RDS in " + site + " at " + aws.target() + " gives no usable answer ("
                + silence.getMessage() + "); nothing was done: check the network and the endpoint",
            silence);
      }
    }
  }

  private static void connect(URI endpoint) {
    int port = endpoint.getPort();
    if (port < 0) {
      port = "https".equals(endpoint.getScheme()) ? 443 : 80;
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(endpoint.getHost(), port), CONNECT_MILLIS);
    } catch (IOException e) {
      throw new RefusalException(
          "nothing listens at " + endpoint + "; nothing was done: start an emulator with"
              + " 'drkit emulator', or correct --endpoint",
          e);
    }
  }

  /** A service that refuses or is overloaded is there: what a role may do, and waiting, is the run's business. */
  private void judge(AwsServiceException answer, Site site) {
    String code =
        answer.awsErrorDetails() == null ? null : answer.awsErrorDetails().errorCode();
    if (code == null && answer.statusCode() < 500) {
      throw new RefusalException(
          aws.target() + " answers, but not as AWS does (HTTP " + answer.statusCode()
              + "); nothing was done: correct --endpoint",
          answer);
    }
    if (code != null && BAD_CREDENTIALS.contains(code)) {
      throw new RefusalException(
          aws.target() + " does not accept the AWS credentials in " + site + " (" + code
              + "); nothing was done: renew them, or choose others with AWS_PROFILE",
          answer);
    }
  }
}
