package io.drkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A planned move that comes to nothing, on the machine's own clock, threads and disk. */
@Timeout(60)
class RolledBackTest {
  @TempDir
  Path directory;

  private final Set<String> lit = ConcurrentHashMap.newKeySet();

  private record Lamp(String name, boolean wanted, Set<String> lit) implements FailoverAction {
    @Override
    public String describe() {
      return name + (wanted ? " is lit" : " is dark");
    }

    @Override
    public Progress observe(ActionContext context) {
      return lit.contains(name) == wanted ? Progress.reached() : Progress.pending("not yet");
    }

    @Override
    public void apply(ActionContext context) {
      if (name.startsWith("broken")) {
        throw new IllegalStateException("it is broken");
      }
      if (wanted) {
        lit.add(name);
      } else {
        lit.remove(name);
      }
    }

    @Override
    public Repeatability repeatability() {
      return Repeatability.idempotent();
    }

    @Override
    public Optional<FailoverAction> undo(Evidence before) {
      return Optional.of(new Lamp(name, !wanted, lit));
    }
  }

  @Test
  void theWritersGoOn() throws Exception {
    DrPlanBuilder builder = DrPlan.builder("orders")
        .strategy(DrStrategy.WARM_STANDBY)
        .primary(Site.region("us-east-1"))
        .recovery(Site.region("us-west-2"))
        .objective(RecoveryObjective.rto(Duration.ofMinutes(5)).rpo(Duration.ofMinutes(1)))
        .fence("writers stop", new Lamp("fence", true, lit))
        .redirect("traffic", new Lamp("broken traffic", true, lit), step -> step.attempts(2));
    for (KeyPoint point : DrStrategy.WARM_STANDBY.keyPoints()) {
      builder.waive(point, "not what the test is about");
    }
    try (FileJournal journal = FileJournal.at(directory);
        DrEngine engine = DrEngine.builder()
            .journal(journal)
            .leases(FileLeaseStore.at(directory))
            .build()) {
      RunReport report =
          engine.switchover(builder.build(), Declaration.of("ann")).await();

      assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
      List<RunReport> reports = engine.reports("orders");
      assertThat(report.rolledBackBy()).contains(reports.get(1).run());
      assertThat(reports.get(1).endedAt()).isPresent();
      assertThat(lit).isEmpty();
      assertThat(FileLeaseStore.at(directory).holder("orders")).isEmpty();
    }
  }
}
