package io.drkit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.CommitWindow.AtLimit;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan that was edited between a crash and the resumption of its run (reliability.md R21). */
class PlanEditsTest {
  private static final Site EAST = Site.region("us-east-1");
  private static final Site WEST = Site.region("us-west-2");
  private static final Site IRELAND = Site.region("eu-west-1");
  private static final Site FRANKFURT = Site.region("eu-central-1");
  private static final Approval OWNERS = Approval.by("owners", 1);

  /** A step as it is written into the plan. */
  static final class Line {
    Stage stage;
    String name;
    String wanted;
    Repeatability repeatability = Repeatability.idempotent();
    Reversibility reversibility = Reversibility.COMPENSABLE;
    Optional<String> because = Optional.empty();
    List<String> after = List.of();
    boolean required = true;
    Optional<Approval> approval = Optional.empty();
    boolean patient;

    Line(Stage stage, String name) {
      this.stage = stage;
      this.name = name;
      this.wanted = name + " is done";
    }

    Step with(Step step) {
      Step with = after.isEmpty()
          ? step
          : step.after(after.get(0), after.subList(1, after.size()).toArray(String[]::new));
      with = required ? with : with.bestEffort();
      with = because.isPresent() ? with.because(because.get()) : with;
      with = patient ? with.timeLimit(ofHours(9)).attempts(99) : with;
      return approval.isPresent() ? with.approval(approval.get()) : with;
    }
  }

  /** A plan in the making, with all that can be edited. */
  static final class Draft {
    DrStrategy strategy = DrStrategy.WARM_STANDBY;
    RecoveryObjective objective = RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(5));
    Site primary = EAST;
    List<Site> recovery = new ArrayList<>(List.of(WEST, IRELAND));
    Optional<String> unfenced = Optional.empty();
    Failback failback = Failback.standard().approval(OWNERS);
    Optional<CommitWindow> window = Optional.of(new CommitWindow(ofHours(1), AtLimit.NONE));
    List<String> waivers = new ArrayList<>(List.of("for now"));
    final List<Line> lines = new ArrayList<>(List.of(
        new Line(Stage.PREPARE, "image"),
        new Line(Stage.PREPARE, "network"),
        new Line(Stage.FENCE, "stop web"),
        new Line(Stage.FENCE, "stop jobs"),
        new Line(Stage.PROVISION, "web"),
        new Line(Stage.PROVISION, "jobs"),
        new Line(Stage.REDIRECT, "traffic"),
        new Line(Stage.VERIFY, "an order"),
        new Line(Stage.AFTERWARDS, "backups")));

    Line line(String name) {
      return lines.stream().filter(line -> line.name.equals(name)).findFirst().orElseThrow();
    }

    int index(String name) {
      return lines.indexOf(line(name));
    }

    DrPlan plan() {
      DrPlanBuilder builder = DrPlan.builder("orders")
          .strategy(strategy)
          .primary(primary)
          .objective(objective)
          .failback(failback);
      recovery.forEach(builder::recovery);
      unfenced.ifPresent(builder::unfenced);
      window.ifPresent(builder::commitWindow);
      for (KeyPoint point : strategy.keyPoints()) {
        builder.waive(point, waivers.get(0));
      }
      for (Line line : lines) {
        FailoverAction action = new Wanted(line.wanted, line.repeatability, line.reversibility);
        switch (line.stage) {
          case PREPARE -> builder.prepare(line.name, action, line::with);
          case FENCE -> builder.fence(line.name, action, line::with);
          case PROVISION -> builder.provision(line.name, action, line::with);
          case REDIRECT -> builder.redirect(line.name, action, line::with);
          case VERIFY -> builder.verify(line.name, action, line::with);
          case AFTERWARDS -> builder.afterwards(line.name, action, line::with);
          default -> throw new AssertionError(line.stage);
        }
      }
      return builder.build();
    }
  }

  private record Wanted(String describe, Repeatability repeatability, Reversibility reversibility)
      implements FailoverAction {
    @Override
    public Progress observe(ActionContext context) {
      return Progress.underway("it takes its time");
    }

    @Override
    public void apply(ActionContext context) {
      throw new AssertionError("never pending");
    }
  }

  private static Arguments edit(String difference, Consumer<Draft> edit) {
    return Arguments.of(difference, edit);
  }

  private static Stream<Arguments> edits() {
    return Stream.concat(
        Stream.of(
            edit(
                "the strategy is MULTI_SITE, not WARM_STANDBY",
                d -> d.strategy = DrStrategy.MULTI_SITE),
            edit(
                "the objective is",
                d -> d.objective = RecoveryObjective.rto(ofMinutes(16)).rpo(ofMinutes(5))),
            edit(
                "the objective is",
                d -> d.objective = RecoveryObjective.rto(ofMinutes(15)).rpo(ofMinutes(6))),
            edit("the objective is", d -> d.objective = d.objective.serviceLevel(0.5)),
            edit("the sites are", d -> d.primary = FRANKFURT),
            edit("the sites are", d -> d.recovery.set(0, FRANKFURT)),
            edit("the sites are", d -> d.recovery.remove(1)),
            edit("the sites are", d -> d.recovery.add(FRANKFURT)),
            edit("the sites are", d -> Collections.swap(d.recovery, 0, 1)),
            edit("the failback is", d -> d.failback = d.failback.stableFor(ofMinutes(1))),
            edit(
                "the failback is", d -> d.failback = d.failback.approval(Approval.by("owners", 2))),
            edit("the failback is", d -> d.failback = Failback.standard()),
            edit("the commit window is none", d -> d.window = Optional.empty()),
            edit(
                "the commit window is",
                d -> d.window = Optional.of(new CommitWindow(ofHours(2), AtLimit.NONE))),
            edit(
                "the commit window is",
                d -> d.window = Optional.of(new CommitWindow(ofHours(1), AtLimit.COMMIT))),
            edit("the reason to be unfenced is", d -> {
              d.lines.removeIf(line -> line.stage == Stage.FENCE);
              d.unfenced = Optional.of("nobody writes");
            }),
            edit("the steps' order is", d -> Collections.swap(d.lines, 0, 1)),
            edit(
                "step 'web' is of the stage REDIRECT, not PROVISION",
                d -> d.line("web").stage = Stage.REDIRECT),
            edit(
                "step 'cache' is new",
                d -> d.lines.add(d.index("web"), new Line(Stage.PROVISION, "cache"))),
            edit("step 'cache' is new", d -> d.lines.add(new Line(Stage.AFTERWARDS, "cache"))),
            edit("step 'servers' is new", d -> d.line("web").name = "servers")),
        Stream.of("image", "stop web", "web", "traffic", "an order", "backups")
            .flatMap(name -> Stream.of(
                edit("step '" + name + "' is gone", d -> d.lines.remove(d.index(name))),
                edit(
                    "step '" + name + "' wants 'something else'",
                    d -> d.line(name).wanted = "something else"),
                edit(
                    "step '" + name + "' needs Approval",
                    d -> d.line(name).approval = Optional.of(OWNERS)),
                edit(
                    "step '" + name + "' is REVERSIBLE, not COMPENSABLE",
                    d -> d.line(name).reversibility = Reversibility.REVERSIBLE),
                edit(
                    "step '" + name + "' says why it stands there: the vendor asks, not nothing",
                    d -> d.line(name).because = Optional.of("the vendor asks")),
                edit(
                    "step '" + name + "' is " + Repeatability.unsafe(),
                    d -> d.line(name).repeatability = Repeatability.unsafe()),
                edit(
                    "step '" + name + "' is " + Repeatability.observed(ofSeconds(3)),
                    d -> d.line(name).repeatability = Repeatability.observed(ofSeconds(3))))));
  }

  private static Stream<Arguments> moreEdits() {
    return Stream.concat(
        edits(),
        Stream.concat(
            Stream.of("image", "web", "traffic", "an order", "backups")
                .map(name -> edit(
                    "step '" + name + "' is best effort, not required",
                    d -> d.line(name).required = false)),
            Stream.of(
                edit(
                    "step 'traffic' is ONE_WAY, not COMPENSABLE",
                    d -> d.line("traffic").reversibility = Reversibility.ONE_WAY),
                edit("step 'web' waits for [jobs]", d -> d.line("web").after = List.of("jobs")),
                edit(
                    "step 'traffic' waits for [web]",
                    d -> d.line("traffic").after = List.of("web")),
                edit(
                    "step 'image' waits for [network]",
                    d -> d.line("image").after = List.of("network")))));
  }

  @Test
  void thereAreAtLeastFiftyKindsOfEdits() {
    assertThat(moreEdits().count()).isGreaterThanOrEqualTo(50);
  }

  private final Journal journal = Journal.inMemory();

  private DrEngine engine() {
    return DrEngine.builder().journal(journal).leases(LeaseStore.inMemory()).build();
  }

  /** A failover, and a preparation, that died. */
  private void crash(boolean preparing) {
    try (DrEngine engine = engine()) {
      if (preparing) {
        engine.prepare(new Draft().plan(), "ann");
      } else {
        engine.failover(new Draft().plan(), Declaration.of("ann"));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("moreEdits")
  void anEditedPlanIsRefusedWithTheDifference(String difference, Consumer<Draft> edit) {
    for (boolean preparing : new boolean[] {true, false}) {
      Draft edited = new Draft();
      edit.accept(edited);
      crash(preparing);
      List<String> before = journal.read("orders").records();
      try (DrEngine engine = engine()) {
        assertThatThrownBy(() -> engine.resume(edited.plan(), "bob", List.of()))
            .isInstanceOf(RefusedException.class)
            .hasMessageContaining("was started with another plan")
            .hasMessageContaining(difference)
            .hasMessageContaining("resume it with the plan that it was started with");
        assertThat(journal.read("orders").records()).isEqualTo(before);
        assertThat(engine.resume(new Draft().plan(), "bob", List.of()).report().outcome())
            .isEqualTo(Outcome.RUNNING);
      }
    }
  }

  private static Stream<Arguments> harmless() {
    return Stream.of(
        edit("patience", d -> d.lines.forEach(line -> line.patient = true)),
        edit("waivers", d -> d.waivers.set(0, "for ever")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  void whatDecidesNothingMayBeEdited(String what, Consumer<Draft> edit) {
    Draft edited = new Draft();
    edit.accept(edited);
    crash(false);
    try (DrEngine engine = engine()) {
      assertThat(engine.resume(edited.plan(), "bob", List.of()).report().outcome())
          .as(what)
          .isEqualTo(Outcome.RUNNING);
    }
  }
}
