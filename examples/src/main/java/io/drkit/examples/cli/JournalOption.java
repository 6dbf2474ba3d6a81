package io.drkit.examples.cli;

import io.drkit.file.FileJournal;
import io.drkit.file.FileLeaseStore;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The directory in which runs are written down, and in which the process that runs one holds its lease. */
final class JournalOption {
  @Option(
      names = "--journal",
      required = true,
      paramLabel = "DIR",
      description =
          "The directory in which runs are written down. It must not live in a site that may be lost.")
  private Path directory = Path.of("");

  Path directory() {
    return directory;
  }

  /** {@return the journal, which the first run makes} */
  FileJournal open() {
    return FileJournal.at(directory);
  }

  /**
   * {@return the journal of runs that there were}
   *
   * @throws RefusalException if there is none
   */
  FileJournal existing() {
    FileJournal journal = open();
    if (!Files.exists(directory.resolve("journal.log"))) {
      journal.close();
      throw new RefusalException("there is no journal in " + directory
          + "; name the directory that the failover was run with");
    }
    return journal;
  }

  FileLeaseStore leases() {
    return FileLeaseStore.at(directory);
  }
}
