package io.drkit.testkit.contract;

import io.drkit.file.FileJournal;
import io.drkit.spi.Journal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest extends JournalContract {
  @TempDir
  Path temporary;

  @Override
  protected Journal journal() {
    return FileJournal.at(temporary.resolve("journal"));
  }

  @Override
  protected Journal reopen(Journal journal) {
    return journal();
  }

  @Override
  protected boolean holdsSeveralPlans() {
    return false;
  }
}
