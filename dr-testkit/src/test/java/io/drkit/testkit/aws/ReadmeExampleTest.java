package io.drkit.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drkit.Disaster;
import io.drkit.Site;
import io.drkit.testkit.FakeCloud;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;

/** The README's example with the SDK's clients compiles with the examples module; here it is seen to hold. */
class ReadmeExampleTest {

  @Test
  void whoeverAsksALostRegionIsNotKeptWaiting() {
    FakeCloud cloud = FakeCloud.builder().whenLost(FakeCloud.WhenLost.HANG).build();
    Ec2Client west = cloud.client(Ec2Client.class, "us-west-2");
    DescribeAvailabilityZonesRequest request = DescribeAvailabilityZonesRequest.builder()
        .overrideConfiguration(limits -> limits.apiCallTimeout(Duration.ofSeconds(3)))
        .build();
    assertThat(west.describeAvailabilityZones(request).availabilityZones()).hasSize(3);

    cloud.strike(Disaster.loss(Site.region("us-west-2")));
    Instant before = cloud.time().now();

    assertThatExceptionOfType(ApiCallTimeoutException.class)
        .isThrownBy(() -> west.describeAvailabilityZones(request));
    assertThat(Duration.between(before, cloud.time().now())).isEqualTo(Duration.ofSeconds(3));
  }
}
