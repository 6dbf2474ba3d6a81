package io.drkit.testkit.crash;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import java.util.List;

/** What the disk holds of a journal, and journals of processes that write to it until they die. */
final class SurvivingLog {
  private final World world;
  private final Blueprint blueprint;
  private Journal disk = Journal.inMemory();
  private List<String> lastAppend = List.of();

  SurvivingLog(World world, Blueprint blueprint) {
    this.world = world;
    this.blueprint = blueprint;
  }

  /** All records. */
  List<String> lines() {
    return disk.read("orders").records();
  }

  /** The append that was made, or was to be made, last. */
  List<String> lastAppend() {
    return lastAppend;
  }

  /** The processes to come find what this journal holds. */
  void goOnWith(Journal other) {
    disk = other;
  }

  /** The journal as a process sees it. */
  Journal openedBy(Fate process) {
    return new Opened(process);
  }

  private void claim(List<String> records) {
    for (String line : records) {
      if (Lines.event(line).equals("StepReached")) {
        world.claimed(blueprint.wish(Lines.step(line)));
      }
    }
  }

  private final class Opened implements Journal {
    private final Fate process;

    Opened(Fate process) {
      this.process = process;
    }

    @Override
    public void append(String plan, long expectedNext, List<String> records) {
      String what = "the append of " + records.stream().map(Lines::summary).toList();
      lastAppend = List.copyOf(records);
      meet("before " + what);
      claim(records);
      disk.append(plan, expectedNext, records);
      meet("after " + what);
    }

    @Override
    public Log read(String plan) {
      return disk.read(plan);
    }

    @Override
    public List<String> read(String plan, long from) {
      return disk.read(plan, from);
    }

    private void meet(String operation) {
      try {
        process.meet(operation);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new JournalException(operation + ": " + e.getMessage(), e);
      }
    }
  }
}
