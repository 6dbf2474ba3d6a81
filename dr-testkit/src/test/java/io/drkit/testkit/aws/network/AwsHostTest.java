package io.drkit.testkit.aws.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwsHostTest {

  @Test
  void theRegionStandsLastAndTheServiceBeforeIt() {
    assertRead("ec2.us-west-2.amazonaws.com", "ec2", "us-west-2", null);
    assertRead("rds.us-gov-west-1.api.aws", "rds", "us-gov-west-1", null);
    assertRead("ec2-fips.us-west-2.amazonaws.com", "ec2", "us-west-2", null);
    assertRead("ec2.cn-north-1.amazonaws.com.cn", "ec2", "cn-north-1", null);
    assertRead("route53.amazonaws.com", "route53", null, null);
    assertRead("s3.us-west-2.amazonaws.com", "s3", "us-west-2", null);
    assertRead("s3.dualstack.us-west-2.amazonaws.com", "s3", "us-west-2", null);
    assertRead("vpce-1-ab.ec2.us-east-1.vpce.amazonaws.com", "ec2", "us-east-1", "vpce-1-ab");
    assertRead(
        "123456789012.s3-control.us-west-2.amazonaws.com",
        "s3-control",
        "us-west-2",
        "123456789012");
  }

  @Test
  void aBucketMayBeCalledLikeAnything() {
    assertRead("my.receipts.s3.us-west-2.amazonaws.com", "s3", "us-west-2", "my.receipts");
    assertRead("us-east-1.s3.us-west-2.amazonaws.com", "s3", "us-west-2", "us-east-1");
    assertRead("us-east-1.s3.amazonaws.com", "s3", null, "us-east-1");
    assertRead("receipts.s3-us-west-2.amazonaws.com", "s3", "us-west-2", "receipts");
    assertThat(AwsHost.of("receipts.s3.us-west-2.amazonaws.com").orElseThrow().bucket())
        .contains("receipts");
    assertThat(AwsHost.of("1.s3-control.us-west-2.amazonaws.com").orElseThrow().bucket())
        .isEmpty();
  }

  @Test
  void whatIsNotOfAwsSaysNothing() {
    assertThat(AwsHost.of("127.0.0.1")).isEmpty();
    assertThat(AwsHost.of("ec2.us-west-2.example.com")).isEmpty();
    assertThat(AwsHost.of(".amazonaws.com")).isEmpty();
  }

  private static void assertRead(String host, String service, String region, String before) {
    assertThat(AwsHost.of(host))
        .contains(new AwsHost(service, Optional.ofNullable(region), Optional.ofNullable(before)));
  }
}
