package io.drkit.testkit.history;

import io.drkit.Declaration;
import io.drkit.DrEngine;
import io.drkit.DrPlan;
import io.drkit.DrRun;
import io.drkit.Instruction;
import io.drkit.RunReport;
import io.drkit.Site;
import io.drkit.file.FileJournal;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes journals of every kind of run, for later versions of the library to read and go on with. */
final class GoldenJournals {
  private static final Instruction ANN = Instruction.by("ann").because("it is time");
  private static final Site EAST = Town.SITES.get(0);

  private final VirtualTime time = VirtualTime.create();
  private final Town town = new Town(time);
  private final DrPlan plan = town.plan(0);
  private final DrEngine engine;

  private GoldenJournals(Path directory) {
    engine = DrEngine.builder()
        .journal(FileJournal.at(directory))
        .leases(LeaseStore.inMemory())
        .time(time)
        .owner("golden")
        .build();
  }

  /** What is in a journal. */
  enum Story {
    PREPARED {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.engine.prepare(on.plan, "ann").await();
      }
    },
    FAILED_OVER {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        PREPARED.tell(on);
        on.time.advance(Duration.ofDays(1));
        on.engine.failover(on.plan, on.lost().startToken("incident 7")).await();
      }
    },
    LEFT_ALONE {
      @Override
      void tell(GoldenJournals on) {
        on.engine.failover(on.plan, on.lost());
        on.time.advance(Duration.ofSeconds(2));
        on.engine.close();
      }
    },
    FAILED {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.town.breakDown(Set.of("traffic"));
        on.engine.failover(on.plan, on.lost()).await();
      }
    },
    CANCELLED {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        DrRun run = on.engine.failover(on.plan, on.lost());
        run.pause(ANN);
        on.time.advance(Duration.ofSeconds(30));
        run.cancel(ANN);
        run.await();
      }
    },
    IN_DOUBT {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.town.breakDown(Set.of("page"));
        on.engine.failover(on.plan, on.lost()).await();
      }
    },
    THERE_AND_BACK {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.engine.switchover(on.plan, Declaration.of("ann")).await();
        on.time.advance(Duration.ofDays(1));
        on.engine.failback(on.plan, Declaration.of("ann")).await();
      }
    },
    ROLLED_BACK {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.town.breakDown(Set.of("fence"));
        on.engine.failover(on.plan, Declaration.of("ann")).await();
        on.engine.rollback(on.plan, ANN).await();
      }
    },
    REHEARSED {
      @Override
      void tell(GoldenJournals on) throws InterruptedException {
        on.engine.rehearse(on.plan, "ann").await();
      }
    };

    abstract void tell(GoldenJournals on) throws InterruptedException;

    /** The name of the directory that it is told in. */
    String directory() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private Declaration lost() {
    return Declaration.of("ann")
        .since(time.now().minus(Duration.ofMinutes(2)))
        .lost(EAST)
        .reason("it burns");
  }

  /** What every later version must still say of a run. */
  static String told(RunReport report) {
    return report.run() + " " + report.mode() + " " + report.outcome() + " " + report.startedAt()
        + " " + report.endedAt() + " " + report.rto().elapsed() + " "
        + report.rto().phases() + " "
        + report.rpo() + " " + report.fingerprint() + " "
        + report.steps().stream()
            .map(step -> step.name() + " " + step.status() + " " + step.requests())
            .collect(Collectors.joining(", "));
  }

  /** Writes each of them into a directory of its own below the one that is named. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    for (Story story : Story.values()) {
      Path directory = Files.createDirectories(Path.of(arguments[0], story.directory()));
      GoldenJournals golden = new GoldenJournals(directory);
      story.tell(golden);
      List<String> told =
          golden.engine.reports("orders").stream().map(GoldenJournals::told).toList();
      Files.write(directory.resolve("told.txt"), told);
      Files.delete(directory.resolve("journal.lock"));
    }
  }
}
