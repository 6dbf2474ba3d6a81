package io.drkit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be is refused where it is said, in one sentence that a person can act on. */
class RefusalsTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site ZONE = EAST.zone("us-east-1a");
  private static final Duration LESS = ofSeconds(-1);
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

  private static Arguments refused(ThrowingCallable call, String sentence) {
    return Arguments.of(sentence, call);
  }

  private static Stream<Arguments> refusals() {
    return Stream.of(
        refused(
            () -> Instruction.by(" "),
            "an instruction must name who gives it; it is written to the journal"),
        refused(
            () -> Declaration.of(" "),
            "a declaration must name who declares; it is written to the journal"),
        refused(
            () -> Declaration.of("ann").since(NOON).detected(NOON.minusSeconds(1)),
            "detected (2030-01-01T11:59:59Z) is before since (2030-01-01T12:00:00Z); a disruption is"
                + " noticed after it began"),
        refused(
            () -> Declaration.of("ann").startToken(" "),
            "startToken must not be blank: it tells one decision from the next"),
        refused(
            () -> FailoverAction.once("page the bank", 0, context -> {}),
            "version of 'page the bank' must be 1 or more: 0"),
        refused(
            () -> FailoverAction.once("page the bank", 1, Reversibility.REVERSIBLE, context -> {}),
            "'page the bank' cannot be REVERSIBLE: nobody can look up what it did; call it"
                + " COMPENSABLE or ONE_WAY"),
        refused(
            () -> DrPlan.builder("orders").blockPeriod(LESS),
            "plan 'orders': blockPeriod must not be negative: PT-1S"),
        refused(
            () -> Step.of("look", Stage.VERIFY, check()).because(" "),
            "step 'look': because(...) must say which risk is accepted, or what is worth the wait"),
        refused(() -> Retention.of(Duration.ZERO), "retention: age must be positive: PT0S"),
        refused(() -> Retention.of(LESS), "retention: age must be positive: PT-1S"),
        refused(
            () -> FailoverAction.elapsed("the records' time to live", Duration.ZERO),
            "a wait must be positive: PT0S"),
        refused(() -> FailoverAction.elapsed("it", LESS), "a wait must be positive: PT-1S"),
        refused(
            () -> new CommitWindow(Duration.ZERO, CommitWindow.AtLimit.NONE),
            "commitWindow: limit must be positive: PT0S"),
        refused(
            () -> new CommitWindow(LESS, CommitWindow.AtLimit.NONE),
            "commitWindow: limit must be positive: PT-1S"),
        refused(() -> Approval.by(" ", 1), "an approval must name the group that is asked"),
        refused(
            () -> Approval.by("owners", 0),
            "approval by 'owners': needed must be 1 to any number: 0"),
        refused(
            () -> Approval.by("owners", 3).members("ann", "bob", "ann"),
            "approval by 'owners': needed must be 1 to 2: 3"),
        refused(
            () -> Approval.by("owners", 1).timeLimit(Duration.ZERO),
            "approval by 'owners': timeLimit must be positive: PT0S"),
        refused(
            () -> Approval.by("owners", 1).timeLimit(LESS),
            "approval by 'owners': timeLimit must be positive: PT-1S"),
        refused(
            () -> Need.data(" ", EAST),
            "service must not be blank; name it as its API does, for example rds"),
        refused(
            () -> Site.region(" "),
            "a site's name must not be blank, nor hold '/' or ':': ' '; use a name such as us-east-1"),
        refused(
            () -> Site.region("a/b"),
            "a site's name must not be blank, nor hold '/' or ':': 'a/b'; use a name such as us-east-1"),
        refused(
            () -> Site.region("a:b"),
            "a site's name must not be blank, nor hold '/' or ':': 'a:b'; use a name such as us-east-1"),
        refused(
            () -> new Site(Site.Kind.REGION, "us-east-1", "us"),
            "only a zone lies in a region, but us-east-1 was given the region us"),
        refused(() -> ZONE.zone("b"), "only a region has zones; us-east-1a is ZONE"),
        refused(
            () -> new Direction(ZONE, EAST),
            "from (us-east-1a) and to (us-east-1) must be two sites apart; the loss of one would take"
                + " the other along"),
        refused(
            () -> new Direction(EAST, ZONE),
            "from (us-east-1) and to (us-east-1a) must be two sites apart; the loss of one would take"
                + " the other along"),
        refused(() -> Progress.underway(-1, ""), "percent must be between 0 and 100: -1"),
        refused(() -> Progress.underway(101, ""), "percent must be between 0 and 100: 101"),
        refused(
            () -> Evidence.none().serviceLevel(-0.1), "serviceLevel must be between 0 and 1: -0.1"),
        refused(
            () -> Evidence.none().serviceLevel(1.1), "serviceLevel must be between 0 and 1: 1.1"),
        refused(
            () -> Evidence.none().serviceLevel(Double.NaN),
            "serviceLevel must be between 0 and 1: NaN"),
        refused(() -> Repeatability.observed(LESS), "time for OBSERVED must be positive: PT-1S"),
        refused(
            () -> Repeatability.tokened(Duration.ZERO), "time for TOKENED must be positive: PT0S"),
        refused(
            () -> Step.of(" ", Stage.VERIFY, check()),
            "a step's name must not be blank; write a line of the runbook"),
        refused(
            () -> Step.of("look", Stage.VERIFY, check()).timeLimit(Duration.ZERO),
            "step 'look': timeLimit must be positive: PT0S"),
        refused(
            () -> Step.of("look", Stage.VERIFY, check()).timeLimit(LESS),
            "step 'look': timeLimit must be positive: PT-1S"),
        refused(
            () -> Step.of("look", Stage.VERIFY, check()).attempts(0),
            "step 'look': attempts must be 1 or more: 0"),
        refused(
            () -> PerSite.at(EAST, "orders").get(ZONE),
            "no value for us-east-1a, only for [us-east-1]; add it with and(site, value)"),
        refused(
            () -> PerSite.at(EAST, "orders").and(EAST, "b"),
            "us-east-1 has the value 'orders' already; give each site one value"),
        refused(
            () -> DrEngine.builder().requestTimeLimit(Duration.ZERO),
            "requestTimeLimit must be positive: PT0S"),
        refused(
            () -> DrEngine.builder().requestTimeLimit(LESS),
            "requestTimeLimit must be positive: PT-1S"),
        refused(
            () -> DrEngine.builder().lookInterval(Duration.ZERO),
            "lookInterval must be positive: PT0S"),
        refused(
            () -> DrEngine.builder().lookInterval(LESS), "lookInterval must be positive: PT-1S"),
        refused(
            () -> DrEngine.builder().leases(LeaseStore.inMemory()).build(),
            "call journal(...) before build(), for example with FileJournal.at(directory)"),
        refused(
            () -> DrEngine.builder().journal(Journal.inMemory()).build(),
            "call leases(...) before build(), for example with FileLeaseStore.at(directory)"),
        refused(
            () -> DrPlan.builder("orders").unfenced(" "),
            "plan 'orders': unfenced(...) must say why two writers cannot happen or are acceptable"),
        refused(
            () -> sites(EAST, ZONE).build(),
            "plan 'orders': the sites us-east-1 and us-east-1a are not apart; primary and recovery"
                + " need different sites, none inside another"),
        refused(
            () -> sites(ZONE, EAST).build(),
            "plan 'orders': the sites us-east-1a and us-east-1 are not apart; primary and recovery"
                + " need different sites, none inside another"),
        refused(
            () -> group(Double.NaN, "one"),
            "plan 'orders': group 'tier': share must be above 0 and up to 1: NaN"),
        refused(
            () -> group(0, "one"),
            "plan 'orders': group 'tier': share must be above 0 and up to 1: 0.0"),
        refused(
            () -> group(1.01, "one"),
            "plan 'orders': group 'tier': share must be above 0 and up to 1: 1.01"),
        refused(
            () -> group(1, "three"),
            "plan 'orders': group 'tier' is of [three], but the steps added so far are [one, two];"
                + " name each of its steps once, after adding it"),
        refused(
            () -> group(1),
            "plan 'orders': group 'tier' is of [], but the steps added so far are [one, two];"
                + " name each of its steps once, after adding it"),
        refused(
            () -> group(1, "one", "two"),
            "plan 'orders': group 'tier' has steps of the stages [PROVISION, VERIFY]; a group is of"
                + " one stage"));
  }

  private static FailoverAction check() {
    return FailoverAction.check("it is there", context -> Progress.reached());
  }

  private static DrPlanBuilder sites(Site primary, Site recovery) {
    return DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(primary)
        .recovery(recovery)
        .objective(RecoveryObjective.rto(ofSeconds(60)).rpo(ofSeconds(60)));
  }

  private static DrPlanBuilder group(double share, String... members) {
    return DrPlan.builder("orders")
        .provision("one", check())
        .verify("two", check())
        .group("tier", share, members);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void itIsRefusedInOneSentence(String sentence, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
        .hasMessage(sentence);
  }

  @Test
  void whatIsJustAllowedIsTaken() {
    assertThat(Approval.by("owners", 2).members("ann", "bob").members()).hasSize(2);
    assertThat(Approval.by("owners", 1).timeLimit(ofSeconds(1)).timeLimit()).isPresent();
    assertThat(Evidence.none().serviceLevel(0).serviceLevel()).contains(0.0);
    assertThat(Evidence.none().serviceLevel(1).serviceLevel()).contains(1.0);
    assertThat(Progress.underway(0, "").percent()).contains(0);
    assertThat(Progress.underway(100, "").percent()).contains(100);
    assertThat(Repeatability.observed(Duration.ZERO).time()).isZero();
    assertThat(Declaration.of("ann").since(NOON).detected(NOON).detected()).contains(NOON);
    assertThat(Declaration.of("ann").detected(NOON).since()).isEmpty();
    assertThat(PerSite.everywhere("orders").get(ZONE)).isEqualTo("orders");
    assertThat(Retention.of(ofSeconds(1)).age()).isEqualTo(ofSeconds(1));
    assertThat(DrEngine.builder().lookInterval(ofSeconds(1))).isNotNull();
    assertThat(PerSite.everywhere("orders")).hasToString("orders");
    assertThat(PerSite.at(EAST, "orders")).hasToString("{us-east-1=orders}");
    assertThat(List.of(EAST, ZONE, Site.onPremises("cellar")).stream()
            .map(Site::region)
            .toList())
        .containsExactly(Optional.of(EAST), Optional.of(EAST), Optional.empty());
    assertThat(Need.data("s3", EAST)).hasToString("s3 data plane in us-east-1");
  }

  @Test
  void aKeyPointIsWaivedOnce() {
    DrPlanBuilder plan =
        sites(EAST, Site.region("us-west-2")).waive(KeyPoint.WARM_STANDBY_DATA_REPLICATED, "none");

    assertThatThrownBy(() -> plan.waive(KeyPoint.WARM_STANDBY_DATA_REPLICATED, "by hand"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("WARM_STANDBY_DATA_REPLICATED is waived already, because 'none'; say"
            + " all its reasons in one");
  }

  @Test
  void eachStructuralPointSaysWithWhichCallItIsMet() {
    assertThatThrownBy(sites(EAST, Site.region("us-west-2"))::build)
        .hasMessageContaining("add replicator(...), or waive(KeyPoint.");
    DrPlanBuilder replicated = sites(EAST, Site.region("us-west-2"))
        .waive(KeyPoint.WARM_STANDBY_DATA_REPLICATED, "none")
        .unfenced("none");
    assertThatThrownBy(replicated::build).hasMessageContaining("add prepare(...), or waive");
    replicated.prepare("a small copy runs", check());
    assertThatThrownBy(replicated::build).hasMessageContaining("add provision(...), or waive");
    replicated.provision("it is scaled up", check());
    assertThatThrownBy(replicated::build).hasMessageContaining("add redirect(...), or waive");
    replicated.redirect("traffic is moved", check());
    assertThat(replicated.build().openKeyPoints()).allMatch(point -> !point.structural());
  }

  /** Nobody asks for a state that is only looked at, so it is waited for. */
  @Test
  void aCheckThatIsNotReachedYetIsWaitedFor() throws Exception {
    FailoverAction check =
        FailoverAction.check("an order can be placed", context -> Progress.pending("not yet"));
    Progress seen = check.observe(null);
    assertThat(seen.kind()).isEqualTo(Progress.Kind.UNDERWAY);
    assertThat(seen.detail()).isEqualTo("not yet");
  }
}
