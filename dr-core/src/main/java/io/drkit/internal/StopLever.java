package io.drkit.internal;

import io.drkit.Instruction;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.RunEvent;
import io.drkit.spi.RunEvent.LeverPulled;
import io.drkit.spi.RunEvent.LeverReleased;
import io.drkit.spi.RunRecord;
import io.drkit.spi.TimeSource;
import java.util.List;
import java.util.Optional;

/** The stop lever of all runs that look at one journal: what that journal's last record says. */
final class StopLever {
  private static final String LOG = "stop-lever";

  private final Optional<Journal> journal;
  private final TimeSource time;
  private final RecordCodec codec;

  StopLever(JournaledEngine.Settings settings, RecordCodec codec) {
    this.journal = settings.stopLever();
    this.time = settings.time();
    this.codec = codec;
  }

  /** Who pulled it and why; empty if it is not pulled. */
  Optional<LeverPulled> pulled() {
    return journal.flatMap(log -> pulled(log.read(LOG)));
  }

  private Optional<LeverPulled> pulled(Journal.Log lines) {
    if (lines.records().isEmpty()) {
      return Optional.empty();
    }
    int last = lines.records().size() - 1;
    RunEvent event =
        codec.read(LOG, lines.next() - 1, lines.records().get(last)).event();
    return event instanceof LeverPulled pulled ? Optional.of(pulled) : Optional.empty();
  }

  void pull(Instruction told) {
    move(true, new LeverPulled(told.by(), told.reason()));
  }

  void release(Instruction told) {
    move(false, new LeverReleased(told.by(), told.reason()));
  }

  private void move(boolean pull, RunEvent event) {
    Journal log = journal.orElseThrow(() ->
        new IllegalStateException("this engine has no stop lever; build it with stopLever(...)"));
    while (true) {
      Journal.Log lines = log.read(LOG);
      if (pulled(lines).isPresent() == pull) {
        return;
      }
      RunRecord entry = new RunRecord(lines.next(), LOG, 0, time.now(), time.uptime(), event);
      try {
        log.append(LOG, lines.next(), List.of(codec.write(entry)));
        return;
      } catch (JournalConflictException somebodyWasFaster) {
        // Where the lever stands is looked up again.
      }
    }
  }
}
