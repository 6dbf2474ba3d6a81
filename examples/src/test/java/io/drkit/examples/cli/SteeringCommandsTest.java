package io.drkit.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ActionContext;
import io.drkit.Approval;
import io.drkit.CommitWindow;
import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrPlanBuilder;
import io.drkit.DrRun;
import io.drkit.DrStrategy;
import io.drkit.FailoverAction;
import io.drkit.KeyPoint;
import io.drkit.Outcome;
import io.drkit.Progress;
import io.drkit.RecoveryObjective;
import io.drkit.Rehearsal;
import io.drkit.Repeatability;
import io.drkit.RunMode;
import io.drkit.Site;
import io.drkit.StepStatus;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import io.drkit.testkit.VirtualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line tells a run that goes on in a process of its own: only the journal's directory is shared. */
class SteeringCommandsTest {
  @TempDir
  Path folder;

  private final VirtualTime time = VirtualTime.create();
  private final List<String> lit = new ArrayList<>();
  private DrEngine engine;

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private static DrPlan plan(UnaryOperator<DrPlanBuilder> steps) {
    DrPlanBuilder builder = DrPlan.builder(Orders.PLAN)
        .strategy(DrStrategy.PILOT_LIGHT)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofMinutes(20)).rpo(Duration.ofMinutes(1)));
    for (KeyPoint point : DrStrategy.PILOT_LIGHT.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    return steps.apply(builder).build();
  }

  private DrEngine engine() {
    engine = DrEngine.builder()
        .journal(FileJournal.at(folder))
        .leases(FileLeaseStore.at(folder))
        .time(time)
        .build();
    return engine;
  }

  private DrRun start(UnaryOperator<DrPlanBuilder> steps) {
    DrRun run = engine().failover(plan(steps), Declaration.of("on-call"));
    time.advance(Duration.ofSeconds(2));
    return run;
  }

  /** A state that somebody else brings about when the test says so. */
  private FailoverAction light(String name) {
    return FailoverAction.check(
        name + " is lit",
        context -> lit.contains(name) ? Progress.reached() : Progress.pending("dark"));
  }

  private Result drkit(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--journal", folder.toString(), "--by", "ann"));
    return Result.of(all.toArray(String[]::new));
  }

  @Test
  void aRunIsPausedAndContinued() throws Exception {
    DrRun run = start(p -> p.provision("web", light("web")).verify("order", light("order")));
    assertThat(drkit("pause").out()).contains("paused; go on with 'continue'");
    assertThat(drkit("pause").err()).contains("is paused already");
    lit.addAll(List.of("web", "order"));
    time.advance(Duration.ofMinutes(2));
    assertThat(run.report().step("order").status()).isEqualTo(StepStatus.WAITING);

    assertThat(drkit("continue").code()).isZero();
    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(drkit("continue").code()).isEqualTo(2);
  }

  @Test
  void reportAndRunsTellOfARunThatWaitsForPeople() {
    start(p -> p.provision("web", light("web"), step -> step.approval(Approval.by("owners", 1))));
    drkit("pause", "--reason", "look at the lag");

    String report = Result.of("report", "--journal", folder.toString()).out();
    assertThat(report)
        .contains("NOW\n  - paused since ", " by ann: look at the lag; nothing is asked for")
        .contains("  - step 'web' waits for the approval of 1 of 'owners', until ")
        .contains(" so far, and the service is not back, objective 20 min: ");
    assertThat(Result.of("runs", "--journal", folder.toString()).out())
        .contains("RUNNING: paused, asks", " so far");
  }

  @Test
  void aFailoverBecomesASwitchoverAndBack() throws Exception {
    DrRun run = start(p -> p.fence("stopped", light("stopped")).provision("web", light("web")));
    assertThat(drkit("mode", "failover", "--reason", "x").err()).contains("is a FAILOVER already");
    assertThat(drkit("mode", "switchover", "--reason", "it works").out())
        .contains("the run is a switchover now");
    time.advance(Duration.ofSeconds(2));
    assertThat(run.report().mode()).isEqualTo(RunMode.SWITCHOVER);
    assertThat(
            drkit("mode", "failover", "--lost", "us-east-1", "--reason", "gone").code())
        .isZero();
    time.advance(Duration.ofSeconds(2));
    assertThat(run.report().declaration().lost()).containsExactly(Site.region("us-east-1"));
    assertThat(drkit("mode", "sideways", "--reason", "x").code()).isEqualTo(2);
  }

  @Test
  void aStepIsSkippedWithAReason() throws Exception {
    DrRun run = start(p -> p.provision("web", light("web")));
    assertThat(drkit("skip", "web").err()).contains("say why step 'web' is skipped");
    assertThat(drkit("skip", "web", "--abandon", "--reason", "by hand").out())
        .contains("skipped 'web'");

    assertThat(run.await().problems()).contains("step 'web' was skipped by ann: by hand");
  }

  @Test
  void anApprovalNamesThePlanThatWasLookedAt() throws Exception {
    lit.add("web");
    DrRun run = start(
        p -> p.provision("web", light("web"), step -> step.approval(Approval.by("owners", 1))));
    String fingerprint = run.plan().fingerprint().substring(0, 12);

    assertThat(drkit("approve").out())
        .contains("'web' needs 1 more of 'owners'", "--fingerprint " + fingerprint);
    assertThat(drkit("approve", "web").err()).contains("add --fingerprint " + fingerprint);
    assertThat(drkit("approve", "web", "--fingerprint", "000000000000").err())
        .contains("which 000000000000 is not");
    assertThat(drkit("approve", "shift").err()).contains("it asks for [web]");
    assertThat(drkit("approve", "web", "--fingerprint", fingerprint).out())
        .contains("approved 'web'");

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(drkit("approve").out()).contains("the run asks for nothing");
  }

  @Test
  void aRunIsDeclinedRetriedAndCancelled() throws Exception {
    DrRun run =
        start(p -> p.provision("web", light("web"), step -> step.approval(Approval.by("owners", 1)))
            .provision("slow", light("slow")));
    String fingerprint = run.plan().fingerprint();
    assertThat(drkit("decline", "web", "--fingerprint", fingerprint, "--reason", "no")
            .out())
        .contains("declined 'web'");
    time.advance(Duration.ofSeconds(2));
    assertThat(drkit("retry", "web").out()).contains("'web' is tried again");
    time.advance(Duration.ofSeconds(2));
    assertThat(drkit("cancel", "--reason", "false alarm").code()).isZero();

    assertThat(run.await().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void aDoubtIsDecided() throws Exception {
    DrRun run = start(p -> p.provision("page", FailoverAction.once("page", 1, context -> {
      throw new IllegalStateException("reset");
    })));
    assertThat(run.await().outcome()).isEqualTo(Outcome.IN_DOUBT);

    assertThat(drkit("decide", "page", "took_effect", "--reason", "it rang").out())
        .contains("'page' is done");
    assertThat(drkit("decide", "page", "no_effect", "--reason", "it did not").err())
        .contains("has no doubt about step 'page', which is REACHED");
  }

  @Test
  void aMoveIsLookedAtAndKept() throws Exception {
    lit.add("web");
    DrRun run = start(p -> p.provision("web", light("web"))
        .commitWindow(new CommitWindow(Duration.ofHours(1), CommitWindow.AtLimit.NONE)));
    time.advance(Duration.ofMinutes(1));
    assertThat(run.report().outcome()).isEqualTo(Outcome.RUNNING);

    assertThat(Result.of("report", "--journal", folder.toString()).out())
        .contains("  - the move waits to be committed or taken back by 1 of 'whoever looks at the"
            + " service'\n");
    assertThat(drkit("commit").out()).contains("the move is kept");

    assertThat(run.await().outcome()).isEqualTo(Outcome.COMPLETED);
    assertThat(drkit("commit").err())
        .contains("has ended (COMPLETED); its report tells what it did");
  }

  @Test
  void aRunInAnotherProcessRollsItselfBack() throws Exception {
    lit.add("web");
    DrRun run = start(p -> p.provision("web", light("web"))
        .commitWindow(new CommitWindow(Duration.ofHours(1), CommitWindow.AtLimit.NONE)));
    time.advance(Duration.ofMinutes(1));

    assertThat(drkit("rollback", "--reason", "orders are wrong").out())
        .contains("another process, which rolls it back");

    assertThat(run.await().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(drkit("rollback").code()).isEqualTo(2);
  }

  @Test
  void aRollbackGivesUpNoRegion() throws Exception {
    DrRun run = start(p -> p.provision("web", light("web")));

    Result result = drkit("rollback", "--lost", "us-east-1", "--reason", "it is gone");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            "drkit: rollback gives up no region, but [us-east-1] is declared lost; leave --lost"
                + " out: what cannot be put back is in the report\n");
    time.advance(Duration.ofSeconds(2));
    assertThat(run.report().standing()).isEmpty();
  }

  @Test
  void runsCallsACleanUpAsTheCommandIsCalled() throws Exception {
    DrPlan plan = plan(p -> p.provision("web", new Lamp("web")));
    engine().rehearse(plan, "ann").await();

    assertThat(Result.of("runs", "--journal", folder.toString()).out())
        .contains("rehearse ", "clean-up ");
  }

  /** A lamp that is lit when it is asked for. */
  private record Lamp(String name, AtomicBoolean on) implements FailoverAction {
    Lamp(String name) {
      this(name, new AtomicBoolean());
    }

    @Override
    public String describe() {
      return name + " is lit";
    }

    @Override
    public Progress observe(ActionContext context) {
      return on.get() ? Progress.reached() : Progress.pending("dark");
    }

    @Override
    public void apply(ActionContext context) {
      on.set(true);
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Optional<Rehearsal> rehearsal() {
      return Optional.of(new Rehearsal(new Lamp("trial"), new Lamp("no trial")));
    }
  }
}
