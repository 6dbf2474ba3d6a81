package io.drkit.testkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.drkit.Disaster;
import io.drkit.FailoverAction;
import io.drkit.Site;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResolversTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");

  private final FakeCloud cloud = FakeCloud.builder().seed(7).build();
  private final VirtualTime time = cloud.time();
  private final FakeTraffic users = cloud.addTraffic("orders.example.com", EAST).ttl(ofSeconds(60));

  private double inWest() {
    return users.shares(time.now()).getOrDefault(WEST, 0.0);
  }

  private void redirect() throws Exception {
    FailoverAction over = users.allTrafficSwitched();
    over.apply(FakeContext.of(cloud.time(), EAST, WEST));
    time.advance(ofSeconds(5));
  }

  @Test
  void usersWhoseResolverKeepsAnswersComeOverLater() throws Exception {
    users.resolvers(0.2, ofHours(1));
    redirect();

    time.advance(ofMinutes(1));
    assertThat(inWest()).isEqualTo(0.8, within(1e-9));
    time.advance(ofMinutes(29));
    assertThat(inWest()).isEqualTo(0.9, within(1e-9));
    time.advance(ofMinutes(30));
    assertThat(inWest()).isEqualTo(1, within(1e-9));
  }

  @Test
  void usersWhoNeverLookANameUpAgainStay() throws Exception {
    users.resolversForGood(0.05).resolvers(0.95, ofHours(1));
    redirect();
    time.advance(ofHours(50));

    assertThat(inWest()).isEqualTo(0.95, within(1e-9));
  }

  @Test
  void theTruthTellsHowLongTheyWereWithoutService() throws Exception {
    FakeDataset db = cloud.addDataset("orders-db", WEST);
    FakeServers web = cloud.addServers("orders-web", EAST, 1);
    cloud.addService("orders", users, web, db).worksOnDataOf(EAST, WEST);
    FakeContext context = FakeContext.of(cloud.time(), EAST, WEST);
    web.imageCopied().apply(context);
    time.advance(ofMinutes(20));
    web.count(1).apply(context);
    time.advance(ofMinutes(20));
    users.resolvers(0.2, ofHours(1));
    cloud.strike(Disaster.loss(EAST));
    redirect();
    time.advance(ofHours(3));

    assertThat(without(1)).isBetween(ofHours(1).plusSeconds(5), ofHours(1).plusSeconds(6));
    assertThat(without(0.8)).isBetween(ofSeconds(65), ofSeconds(66));
  }

  private Duration without(double level) {
    List<Span> outages = cloud.truth().outages("orders", level);
    assertThat(outages).hasSize(1);
    return outages.get(0).length();
  }

  @Test
  void whatCannotBeIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.resolvers(0, ofHours(1)))
        .withMessageContaining("above 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.resolvers(0.2, ofSeconds(60)))
        .withMessageContaining("do not keep them longer than the TTL");
    users.resolvers(0.6, ofHours(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> users.resolversForGood(0.5))
        .withMessageContaining("at most 1");
  }
}
