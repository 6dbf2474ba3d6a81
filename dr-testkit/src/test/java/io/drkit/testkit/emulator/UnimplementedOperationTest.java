package io.drkit.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.route53.Route53Client;

/** What moto lacks, asked for by clients that would retry. */
@WithAwsEmulator
class UnimplementedOperationTest {
  private final AwsEmulator emulator;

  UnimplementedOperationTest(AwsEmulator emulator) {
    this.emulator = emulator;
  }

  @Test
  void ofEc2IsNamedAndNotRetried() {
    Ec2Client ec2 = emulator.client(Ec2Client.builder(), "us-east-1");

    assertNotImplemented(
        () -> ec2.createPlacementGroup(request -> request.groupName("group")),
        "ec2 CreatePlacementGroup");
  }

  @Test
  void ofAQueryServiceIsNamedAndNotRetried() {
    RdsClient rds = emulator.client(RdsClient.builder(), "us-east-1");

    assertNotImplemented(
        () -> rds.failoverGlobalCluster(
            request -> request.globalClusterIdentifier("orders").targetDbClusterIdentifier("west")),
        "rds FailoverGlobalCluster");
  }

  @Test
  void ofAnXmlServiceIsNamedAndNotRetried() {
    Route53Client route53 = emulator.client(Route53Client.builder(), "us-east-1");

    assertNotImplemented(() -> route53.listTrafficPolicies(), "route53 ListTrafficPolicies");
  }

  @Test
  void ofCloudWatchIsNamedAndNotRetried() {
    CloudWatchClient cloudWatch = emulator.client(CloudWatchClient.builder(), "us-east-1");

    assertNotImplemented(() -> cloudWatch.describeAlarmHistory(), "DescribeAlarmHistory");
  }

  private static void assertNotImplemented(ThrowingCallable call, String operation) {
    assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, missing -> {
      assertThat(missing.statusCode()).isEqualTo(501);
      assertThat(missing.awsErrorDetails().errorCode()).isEqualTo("NotImplemented");
      assertThat(missing.awsErrorDetails().errorMessage())
          .contains(operation)
          .startsWith("moto has no ");
      assertThat(missing.numAttempts()).isOne();
    });
  }
}
