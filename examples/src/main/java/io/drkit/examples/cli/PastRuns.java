package io.drkit.examples.cli;

import io.drkit.DrEngine;
import io.drkit.RunReport;
import io.drkit.examples.orders.Orders;
import io.drkit.file.FileJournal;
import java.util.List;

/** The reports of a journal. */
final class PastRuns {
  private PastRuns() {}

  static List<RunReport> of(JournalOption journal) {
    try (FileJournal runs = journal.existing();
        DrEngine engine =
            DrEngine.builder().journal(runs).leases(journal.leases()).build()) {
      return engine.reports(Orders.PLAN);
    }
  }
}
