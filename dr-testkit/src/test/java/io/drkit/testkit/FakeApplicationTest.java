package io.drkit.testkit;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drkit.Declaration;
import io.drkit.Disaster;
import io.drkit.DrStrategy;
import io.drkit.RecoveryObjective;
import io.drkit.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FakeApplicationTest {

  @ParameterizedTest
  @EnumSource
  void itServesItsUsersBeforeAnythingIsPrepared(DrStrategy strategy) {
    FakeApplication orders = FakeApplication.orders(FakeCloud.builder().build(), strategy);

    assertThat(orders.service().level()).isEqualTo(1);
    assertThat(orders.strategy()).isEqualTo(strategy);
    assertThat(orders.plan().strategy()).isEqualTo(strategy);
    assertThat(orders.web().serving(orders.recovery())).isZero();
  }

  @Test
  void theObjectivesGrowTighterWithTheCost() {
    Stream<RecoveryObjective> objectives = Stream.of(DrStrategy.values())
        .map(strategy ->
            FakeApplication.orders(FakeCloud.builder().build(), strategy).plan().objective());

    List<RecoveryObjective> loosest = objectives.toList();
    assertThat(loosest)
        .extracting(RecoveryObjective::rto)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(loosest)
        .extracting(RecoveryObjective::rpo)
        .isSortedAccordingTo(Comparator.reverseOrder());
  }

  @Test
  void theDeclarationTellsWhatStruckFirstAndWhatIsLost() {
    FakeCloud cloud = FakeCloud.builder().build();
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
    assertThat(orders.declaration("on-call")).isEqualTo(Declaration.of("on-call"));

    cloud.strike(Disaster.loss(orders.primary()).after(ofMinutes(2)));
    cloud.strike(Disaster.controlPlaneLoss(orders.primary()).after(ofMinutes(1)));
    cloud.strike(Disaster.loss(orders.recovery()).after(ofMinutes(9)));
    cloud.time().advance(ofMinutes(5));
    Instant first = cloud.start().plus(ofMinutes(1));

    assertThat(orders.declaration("on-call"))
        .isEqualTo(Declaration.of("on-call")
            .since(first)
            .stopped(first.plus(ofMinutes(1)))
            .lost(orders.primary()));
  }

  @Test
  void whatHealedIsNotDeclared() {
    FakeCloud cloud = FakeCloud.builder().build();
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
    cloud.strike(Disaster.loss(orders.primary()));
    cloud.time().advance(ofMinutes(5));
    cloud.heal(orders.primary());

    assertThat(orders.declaration("on-call").lost()).isEmpty();
  }

  @Test
  void oneSiteIsNotEnough() {
    FakeCloud cloud = FakeCloud.builder().region("us-east-1").build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT))
        .withMessageContaining("needs a second site")
        .withMessageContaining("[us-east-1]");
  }

  @Test
  void theRecordsAreChangedWhereTheirControlPlaneSurvives() {
    FakeCloud cloud =
        FakeCloud.builder().onPremises("head-office").region("us-west-2").build();
    FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.BACKUP_AND_RESTORE);

    assertThat(orders.plan().step("send users over").action().describe())
        .isEqualTo("all users of orders.example.com are sent over by a change of the records");
    assertThat(orders.primary()).isEqualTo(Site.onPremises("head-office"));
    assertThat(orders.plan().objective().rto()).isEqualTo(Duration.ofHours(4));
  }
}
