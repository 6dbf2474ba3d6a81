package io.drkit.testkit.contract;

import io.drkit.spi.Journal;

class MemoryJournalTest extends JournalContract {
  @Override
  protected Journal journal() {
    return Journal.inMemory();
  }

  @Override
  protected Journal reopen(Journal journal) {
    return journal;
  }
}
