package io.drkit.testkit.race;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.ApprovalRequest;
import io.drkit.Decision;
import io.drkit.DrEngine;
import io.drkit.DrException;
import io.drkit.Instruction;
import io.drkit.Outcome;
import io.drkit.Repeatability.Kind;
import io.drkit.RunControl;
import io.drkit.RunReport;
import io.drkit.RunReport.StepReport;
import io.drkit.StepStatus;
import io.drkit.spi.Journal;
import io.drkit.spi.LeaseStore;
import io.drkit.spi.LeaseTable;
import io.drkit.testkit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Processes that all want to run one plan, and people who interfere, in the weather of one seed: messages between the
 * processes, the journal, the leases and the sites are lost, late, doubled and cut off one way. Then the weather clears.
 */
final class Swarm {
  static final Duration LEASE = ofSeconds(60);
  static final Duration LIMIT = ofSeconds(10);
  private static final int ROUNDS = 10;

  final VirtualTime time = VirtualTime.create();
  final Random random;
  final Weather weather;
  final Probes probes;
  final Journal journal = Journal.inMemory();
  final LeaseTable table = LeaseTable.inMemory();
  final Targets targets;
  final List<Member> members = new ArrayList<>();
  private final List<String> wrongs = new ArrayList<>();
  private final DrEngine onlooker;
  boolean calm;
  private int born;
  private boolean paused;
  private @Nullable RunReport reported;
  private int reportedAt;

  @Nullable
  Instant since;

  Swarm(long seed, Probes probes) {
    this.random = new Random(seed);
    this.weather = Weather.of(random);
    this.probes = probes;
    this.targets = new Targets(this);
    this.onlooker = DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(time)
        .build();
    int many = 2 + random.nextInt(3);
    for (int i = 0; i < many; i++) {
      members.add(new Member(this, "process-" + born++));
    }
  }

  Duration upTo(Duration most) {
    return ofMillis((long) (most.toMillis() * random.nextDouble()));
  }

  boolean chance(double share) {
    return share > 0 && random.nextDouble() < share;
  }

  /** A process that died for good has a successor on another machine. */
  void replace(Member dead) {
    members.remove(dead);
    members.add(new Member(this, "process-" + born++));
  }

  String holder() {
    return table.read("orders").owner();
  }

  boolean asking(String process) {
    return targets.anyUnderway() && holder().equals(process);
  }

  void leaseTaken(LeaseTable.Entry from) {
    if (from.owner().isEmpty()) {
      return;
    }
    boolean asleep = members.stream()
        .noneMatch(member -> member.name.equals(from.owner()) && member.host.awake());
    probes.hitIf(asleep, Rare.THE_LEASE_OF_A_SLEEPER_IS_TAKEN);
    if (!journal.read("orders").records().isEmpty()) {
      probes.hitIf(
          report().steps().stream().anyMatch(step -> step.status() == StepStatus.IN_DOUBT),
          Rare.THE_LEASE_IS_TAKEN_WHILE_A_STEP_IS_IN_DOUBT);
      probes.hitIf(paused, Rare.THE_LEASE_IS_TAKEN_WHILE_THE_RUN_IS_PAUSED);
    }
  }

  /** The journal itself: it keeps what fits. What it says that was reached has to be there (I2). */
  void append(long expectedNext, List<String> records) {
    journal.append("orders", expectedNext, records);
    for (String text : records) {
      Line line = Line.of(text);
      if (line.is("RunPaused")) {
        paused = true;
      } else if (line.is("RunContinued") || line.is("RunEnded")) {
        paused = false;
      }
      boolean effect = targets.kinds().containsKey(line.step());
      if (line.is("StepReached") && effect && targets.effects(line.step()) == 0) {
        wrongs.add("'" + line.step() + "' is called reached, but had no effect");
      }
    }
  }

  /** What was acknowledged is there, and stays there (I5). */
  void checkKept(long position, List<String> records) {
    List<String> kept = journal.read("orders").records();
    int from = Math.toIntExact(position);
    if (kept.size() < from + records.size()
        || !kept.subList(from, from + records.size()).equals(records)) {
      wrongs.add("an append at " + position + " was acknowledged, but is not there");
    }
  }

  void sawAppend(Link.Fate fate, List<String> records) {
    Line line = Line.of(records.get(records.size() - 1));
    switch (fate) {
      case NOT_ARRIVED -> probes.hit(Rare.THE_JOURNAL_CANNOT_BE_REACHED);
      case NOT_ANSWERED -> notAnswered(records, line);
      case ARRIVED_TWICE -> probes.hit(Rare.AN_APPEND_ARRIVES_TWICE);
      case CONFLICTED_WITH_ITSELF -> probes.hit(Rare.AN_APPEND_CONFLICTS_WITH_ITSELF);
      case ARRIVED_TOO_LATE -> probes.hit(Rare.AN_APPEND_ARRIVES_LATE_AND_IS_REFUSED);
      case ARRIVED_LATE -> {
        probes.hit(Rare.AN_APPEND_ARRIVES_LATE_AND_IS_KEPT);
        probes.hitIf(line.is("StepIntended"), Rare.AN_INTENT_ARRIVES_LATE);
        probes.hitIf(line.is("RunnerBegan") && line.epoch() > 1, Rare.A_TAKEOVER_ARRIVES_LATE);
        probes.hitIf(line.command(), Rare.A_COMMAND_ARRIVES_LATE);
      }
    }
  }

  private void notAnswered(List<String> records, Line last) {
    probes.hit(Rare.AN_APPEND_IS_KEPT_BUT_NOT_ANSWERED);
    probes.hitIf(last.is("RunEnded"), Rare.THE_END_OF_A_RUN_IS_NOT_ANSWERED);
    probes.hitIf(last.command(), Rare.A_COMMAND_IS_NOT_ANSWERED);
    if (last.is("RunnerBegan")) {
      probes.hit(
          last.epoch() > 1
              ? Rare.A_TAKEOVER_IS_NOT_ANSWERED
              : Rare.THE_START_OF_A_RUN_IS_NOT_ANSWERED);
    }
    for (String text : records) {
      Line line = Line.of(text);
      probes.hitIf(line.is("StepIntended"), Rare.AN_INTENT_IS_NOT_ANSWERED);
      probes.hitIf(line.is("StepReached"), Rare.A_STATE_THAT_WAS_REACHED_IS_NOT_ANSWERED);
      probes.hitIf(line.is("StepInDoubt"), Rare.A_DOUBT_IS_NOT_ANSWERED);
    }
  }

  /** Nothing is known of a run but what its journal holds. */
  RunReport report() {
    int size = journal.read("orders").records().size();
    RunReport known = reported;
    if (known == null || size != reportedAt) {
      known = onlooker.reports("orders").get(0);
      reported = known;
      reportedAt = size;
    }
    return known;
  }

  private boolean started() {
    return !journal.read("orders").records().isEmpty();
  }

  private boolean ended() {
    return started() && through(report());
  }

  private static boolean through(RunReport report) {
    return report.outcome() == Outcome.COMPLETED
        || report.outcome() == Outcome.COMPLETED_WITH_EXCEPTIONS;
  }

  private Member any() {
    return members.get(random.nextInt(members.size()));
  }

  /** All that goes wrong, and then what goes on when nothing does any more. */
  void play() {
    for (int round = 0; round < ROUNDS; round++) {
      List.copyOf(members).forEach(Member::mishap);
      time.advance(upTo(LEASE));
      Member runner = any();
      if (runner.host.awake() && !ended()) {
        runner.run();
      }
      time.advance(upTo(ofSeconds(20)));
      if (weather.people() && started() && !ended()) {
        interfere(any());
        time.advance(upTo(ofSeconds(5)));
        interfere(any());
      }
    }
    clear();
    check();
  }

  /** The weather clears, sleepers wake up sooner or later, and the run comes to its end within a bound (I13). */
  private void clear() {
    calm = true;
    members.forEach(Member::mend);
    members.forEach(member -> member.host.setRight());
    time.advance(LEASE.multipliedBy(2));
    for (int attempt = 0; !ended() && attempt < 20; attempt++) {
      Member next = members.get(attempt % members.size());
      if (next.host.awake()) {
        next.run();
      }
      for (int minute = 0; minute < 10 && !ended(); minute++) {
        help();
        time.advance(ofMinutes(1));
      }
    }
    assertThat(started()).as("somebody started it").isTrue();
    assertThat(through(report())).as("it ends: %s", report().summary()).isTrue();
  }

  /** Somebody who wishes well answers what is asked. */
  private void help() {
    if (!started()) {
      return;
    }
    RunControl run = onlooker.control("orders");
    if (paused && report().outcome() == Outcome.RUNNING) {
      run.continueRun(Instruction.by("bob"));
      paused = false;
    }
    for (ApprovalRequest request : run.approvals()) {
      attempt(() -> run.approve(request, Instruction.by("bob")));
    }
    decide(run, "the target was looked at");
  }

  private void decide(RunControl run, String reason) {
    for (StepReport step : report().steps()) {
      if (step.status() == StepStatus.IN_DOUBT && targets.settled(step.name())) {
        Decision decision =
            targets.effects(step.name()) > 0 ? Decision.TOOK_EFFECT : Decision.NO_EFFECT;
        attempt(() -> run.decide(step.name(), decision, Instruction.by("bob").because(reason)));
      }
    }
  }

  private void attempt(Runnable command) {
    try {
      command.run();
    } catch (DrException refused) {
      probes.hit(Rare.A_COMMAND_IS_REFUSED);
    }
  }

  /** Somebody tells the run something, from a process that may not reach it. */
  private void interfere(Member from) {
    RunControl run = from.engine().control("orders");
    Instruction told = Instruction.by("ann").because("she thinks so");
    String optional = Targets.OPTIONAL.get(random.nextInt(Targets.OPTIONAL.size()));
    attempt(() -> {
      switch (random.nextInt(14)) {
        case 0, 1 -> run.pause(told);
        case 2, 3, 4 -> run.continueRun(told);
        case 5 -> run.cancel(told);
        case 6 -> run.skip(optional, told);
        case 7 -> run.abandon(optional, told);
        case 8 ->
          report().steps().stream()
              .filter(step -> step.status() == StepStatus.FAILED)
              .findFirst()
              .ifPresent(step -> run.retry(step.name(), told));
        case 9, 10 -> run.approvals().forEach(request -> run.approve(request, told));
        case 11 -> run.approvals().forEach(request -> run.decline(request, told));
        default -> decide(run, "she called them");
      }
    });
  }

  private void check() {
    RunReport report = report();
    assertThat(targets.overlaps())
        .as("requests of two runners at the same time (I7)")
        .isEmpty();
    assertThat(targets.wrongs).as("order (I1)").isEmpty();
    assertThat(wrongs).as("the journal (I2, I5)").isEmpty();
    checkEpochs();
    targets.kinds().forEach((step, kind) -> {
      int effects = targets.effects(step);
      boolean reached = report.step(step).status() == StepStatus.REACHED;
      if (reached || !targets.mayBeMissing(step)) {
        assertThat(effects).as("effects of %s (I2)", step).isPositive();
      }
      if (kind != Kind.IDEMPOTENT) {
        assertThat(effects).as("effects of %s (I3)", step).isLessThan(2);
      }
    });
    if (!weather.wrongClocks()) {
      checkFigures(report);
    }
    Seen.in(journal.read("orders").records(), probes);
  }

  /** One runner for each epoch, and none writes after a higher one (I6). */
  private void checkEpochs() {
    long epoch = 0;
    for (String text : journal.read("orders").records()) {
      Line line = Line.of(text);
      if (line.is("RunnerBegan")) {
        assertThat(line.epoch()).as("begins: %s", text).isEqualTo(epoch + 1);
        epoch = line.epoch();
      } else if (epoch > 0) {
        assertThat(line.epoch()).as("writes: %s", text).isEqualTo(epoch);
      }
    }
  }

  /** What is reported is no better than what was (I10). */
  private void checkFigures(RunReport report) {
    Instant fenced = targets.firstAt(Targets.FENCE);
    Instant point = targets.recoveryPoint;
    Instant names = targets.firstAt("switch the names");
    if (fenced == null || point == null || names == null || since == null) {
      throw new AssertionError("fenced " + fenced + ", copied until " + point + ", names " + names);
    }
    Duration lost = point.isBefore(fenced) ? Duration.between(point, fenced) : Duration.ZERO;
    Optional<Duration> reported = report.losses().get(0).length();
    reported.ifPresent(
        length -> assertThat(length).as("reported loss (I10)").isGreaterThanOrEqualTo(lost));
    assertThat(report.rto().elapsed())
        .as("reported outage (I10)")
        .isGreaterThanOrEqualTo(Duration.between(since, names));
  }
}
