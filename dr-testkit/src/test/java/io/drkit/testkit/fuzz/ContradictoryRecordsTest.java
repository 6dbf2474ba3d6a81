package io.drkit.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrEngine;
import io.drkit.DrStrategy;
import io.drkit.spi.Journal;
import io.drkit.spi.JournalException;
import io.drkit.spi.LeaseStore;
import io.drkit.testkit.FakeApplication;
import io.drkit.testkit.FakeCloud;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal whose records can be read one by one, and were not written one after the other by any drkit. */
class ContradictoryRecordsTest {
  private final FakeCloud cloud = FakeCloud.builder().build();
  private final FakeApplication orders = FakeApplication.orders(cloud, DrStrategy.PILOT_LIGHT);
  private List<String> records = new ArrayList<>();

  @BeforeEach
  void write() throws InterruptedException {
    Journal journal = Journal.inMemory();
    try (DrEngine engine = engine(journal)) {
      engine.prepare(orders.plan(), "ann").await();
    }
    records = new ArrayList<>(journal.read("orders").records());
  }

  private DrEngine engine(Journal journal) {
    return DrEngine.builder()
        .journal(journal)
        .leases(LeaseStore.inMemory())
        .time(cloud.time())
        .build();
  }

  private void isRefused(String because) {
    Journal journal = Journal.inMemory();
    journal.append("orders", 0, records);
    try (DrEngine engine = engine(journal)) {
      assertThatThrownBy(() -> engine.reports("orders"))
          .isInstanceOf(JournalException.class)
          .hasMessageStartingWith("the records of run r1-")
          .hasMessageContaining("do not follow from one another")
          .hasMessageContaining(because);
    }
  }

  @Test
  void aRunWithoutItsStartIsRefused() {
    records.remove(0);

    isRefused("does not begin with its start");
  }

  @Test
  void aStepThatWaitsForNoneOfTheStepsIsRefused() {
    records.replaceAll(record -> record.replace("\"after\":[]", "\"after\":[\"nobody\"]"));

    isRefused("waits for 'nobody', which is no step");
  }

  @Test
  void aRunThatLastsLongerThanTimeIsRefused() {
    int last = records.size() - 1;
    records.set(
        last,
        records
            .get(last)
            .replaceFirst("\"uptime\":\"[^\"]*\"", "\"uptime\":\"PT99999999999999999S\""));

    isRefused("exceeds");
  }
}
