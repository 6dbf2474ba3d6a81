package io.drkit.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.Disaster;
import io.drkit.EndpointUnavailableException;
import io.drkit.Need;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestsTest {
  private static final Site WEST = Site.region("us-west-2");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Requests requests = FakeCloud.builder().build().requests();

  private long count(Site site) {
    return requests.count("r1", site, NOON, NOON.plusSeconds(60));
  }

  @Test
  void theRequestsOfARunAreItsOwnWheneverTheyWere() {
    requests.add(Optional.of("r1"), WEST, NOON.minusSeconds(1));
    requests.add(Optional.of("r2"), WEST, NOON);

    assertThat(count(WEST)).isEqualTo(1);
    assertThat(count(Site.region("us-east-1"))).isZero();
  }

  @Test
  void whatClientsAskedCountsFromTheBeginningOfARunToItsEnd() {
    requests.add(Optional.empty(), WEST, NOON.minusNanos(1));
    requests.add(Optional.empty(), WEST, NOON);
    requests.add(Optional.empty(), WEST, NOON.plusSeconds(60));
    requests.add(Optional.empty(), WEST, NOON.plusSeconds(60).plusNanos(1));

    assertThat(count(WEST)).isEqualTo(2);
  }

  @Test
  void aRegionIsTouchedThroughItsZones() {
    Site zone = WEST.zone("us-west-2a");
    requests.add(Optional.of("r1"), zone, NOON);

    assertThat(count(WEST)).isEqualTo(1);
    requests.add(Optional.of("r1"), WEST, NOON);
    assertThat(count(zone)).isEqualTo(1);
  }

  @Test
  void aZoneOfTheCloudIsAskedAsARegionIs() throws Exception {
    FakeCloud cloud = FakeCloud.builder().build();
    Duration patience = Duration.ofSeconds(1);
    Need here = Need.data("orders", WEST.zone("us-west-2a"));
    Need nowhere = Need.data("orders", WEST.zone("us-west-2x"));

    assertThat(cloud.request(here, patience, () -> "an answer")).isEqualTo("an answer");
    cloud.strike(Disaster.loss(here.site()));
    assertThatThrownBy(() -> cloud.request(here, patience, () -> "an answer"))
        .isInstanceOf(EndpointUnavailableException.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cloud.request(nowhere, patience, () -> "an answer"))
        .withMessageContaining("no zone us-west-2x");
  }

  @Test
  void whatAClientAsksOfTheCloudIsKept() throws Exception {
    FakeCloud cloud = FakeCloud.builder().build();
    Instant before = cloud.time().now();

    cloud.request(Need.data("s3", WEST), Duration.ofSeconds(1), () -> "an answer");

    assertThat(cloud.requests().count("any", WEST, before, cloud.time().now())).isEqualTo(1);
  }
}
