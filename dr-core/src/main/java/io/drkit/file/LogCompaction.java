package io.drkit.file;

import io.drkit.spi.JournalException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Puts a shorter log in the place of a log and keeps the old one beside it, so that after a crash at any instant the one or the
 * other is the log, and nothing is lost. Used under the directory's lock.
 */
final class LogCompaction {
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final Path directory;
  private final Path log;

  /** A file under construction. What a crash left of one is nothing worth, and in nobody's way. */
  private final Path unfinished;

  LogCompaction(Disk disk, Path directory, Path log) {
    this.disk = disk;
    this.directory = directory;
    this.log = log;
    this.unfinished = directory.resolve("journal.new");
  }

  /**
   * Writes the archive and the shorter log, and leaves the log alone.
   *
   * @param old the log
   * @param tip its end
   * @param texts what the shorter one has
   */
  void prepare(Disk.OpenFile old, LogTip tip, List<byte[]> texts) throws IOException {
    Path archive = directory.resolve("journal-" + tip.first + "-" + tip.next + ".log");
    if (Ownership.checkFile(archive).isEmpty()) {
      write(file -> copy(old, file, tip.end));
      disk.move(unfinished, archive);
    } else if (!isArchive(archive, tip)) {
      throw new JournalException(archive
          + " is there already, but is not what is to be kept there; move it elsewhere first");
    }
    byte[] lines = new LogFormat().compacted(tip, texts);
    write(file -> file.write(0, lines));
    disk.forceDirectory(directory);
  }

  /** Puts the shorter log in the place of the log. If it throws, nobody knows which of them is there. */
  void replace() throws IOException {
    disk.move(unfinished, log);
    disk.forceDirectory(directory);
  }

  /** The checksums are a chain: logs that have the last one in common are the same. */
  private boolean isArchive(Path archive, LogTip tip) throws IOException {
    try (Disk.OpenFile file = disk.open(archive, false)) {
      LogTip found = LogScan.verify(archive, file, LogTip.START, tip.plan()).tip();
      return Arrays.equals(found.checksum, tip.checksum);
    }
  }

  private void write(Writing writing) throws IOException {
    disk.delete(unfinished);
    disk.createFile(unfinished);
    try (Disk.OpenFile file = disk.open(unfinished, true)) {
      writing.to(file);
      file.force();
    }
  }

  private static void copy(Disk.OpenFile from, Disk.OpenFile to, long size) throws IOException {
    for (long at = 0; at < size; at += CHUNK) {
      to.write(at, bytes(from, at, Math.min(size, at + CHUNK)));
    }
  }

  /** {@return a part of a file that is that long} */
  static byte[] bytes(Disk.OpenFile file, long from, long to) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(to - from)];
    int read = 0;
    while (read < bytes.length) {
      int more = file.read(from + read, bytes, read, bytes.length - read);
      if (more < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
      read += more;
    }
    return bytes;
  }

  /**
   * Sees that a log without a record never had any: what was compacted had.
   *
   * @throws JournalException if there is an archive of it
   */
  static void requireNoArchive(Path directory, Path log) throws IOException {
    try (DirectoryStream<Path> archives =
        Files.newDirectoryStream(directory, "journal-[0-9]*-[0-9]*.log")) {
      for (Path archive : archives) {
        throw new JournalException(log + " has no record, but had some, as " + archive
            + " shows. Nothing was changed. Put a copy in its place that is whole; or, if all records"
            + " since then may be given up, put the last archive in its place");
      }
    }
  }

  private interface Writing {
    void to(Disk.OpenFile file) throws IOException;
  }
}
