package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.testkit.FakeCloud;
import org.junit.jupiter.api.Test;

/** What is the same of the clients of every service. */
class FakeClientTest {
  private final FakeAws aws = FakeAws.of(FakeCloud.builder().build());

  @Test
  void aPermissionThatNothingAsksForIsNotDenied() {
    for (String action : new String[] {
      "rds:PromoteReadReplcia",
      "iam:PassRole",
      "s3:HeadObject",
      "s3:ListObjectsV2",
      "dynamodb:GetItem"
    }) {
      assertThatThrownBy(() -> aws.deny(action))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(action);
    }
    assertThatThrownBy(() -> aws.deny("s3:HeadObject")).hasMessageContaining("s3:GetObject");
    aws.deny("ec2:CreateTags").deny("s3:DeleteObjectVersion").deny("s3:ListAllMyBuckets");
    aws.deny("cloudwatch:GetMetricStatistics").deny("autoscaling:SetDesiredCapacity");
    aws.deny("route53:GetChange");
  }
}
