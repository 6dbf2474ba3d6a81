package io.drkit.file;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a directory of its own: the log of one plan. It serves the processes that share the directory's file
 * system, which must be one that outlives the disaster and whose locks and forced writes can be trusted; on a network file
 * system, see that both are so.
 *
 * <p>An append is durable when it returns: it was written and forced to the device, with the names that lead to it. What
 * a crash leaves of an append that did not return is cut off as a whole by the next one. Damage is an error, never
 * skipped. See the package's description for the format.
 *
 * <p>The directory is made by the first append, for this user alone ({@code 0700}, its files {@code 0600}). A directory
 * or a file that is a symbolic link, or that every user may write to, is refused.
 *
 * <p>Thread-safe, within a process with any number of instances and between processes. An append waits while another
 * process appends to the same directory, for as long as that takes, and can then be interrupted; what it writes itself
 * cannot be torn by an interrupt.
 */
public final class FileJournal implements Journal, AutoCloseable {
  private final Disk disk;
  private final Path directory;
  private final Path log;
  private final Path lockFile;

  private volatile @Nullable ReentrantLock lock;

  // Guarded by the lock.
  private Disk.@Nullable OpenFile file;
  private @Nullable Object fileKey;
  private LogTip tip = LogTip.START;
  private boolean tipIsForced;
  private boolean torn;
  private @Nullable Throwable failure;

  private FileJournal(Path directory, Disk disk) {
    this.disk = disk;
    this.directory = directory;
    this.log = directory.resolve("journal.log");
    this.lockFile = directory.resolve("journal.lock");
  }

  /**
   * Returns the journal in a directory. Makes nothing: the first append does.
   *
   * @param directory where it is, or will be; for one plan only
   * @throws IllegalArgumentException if the directory is not in the default file system
   * @throws JournalException if what is there is not a directory, is a symbolic link, or may be written to by every user
   */
  public static FileJournal at(Path directory) {
    return at(directory, LocalDisk.INSTANCE);
  }

  static FileJournal at(Path directory, Disk disk) {
    FileJournal journal = new FileJournal(Ownership.absolute(directory), disk);
    try {
      Ownership.checkDirectory(journal.directory);
    } catch (IOException e) {
      throw journal.unusable("used", e);
    }
    return journal;
  }

  /**
   * {@inheritDoc}
   *
   * <p>If writing or forcing fails, this instance takes no more appends: what of them reached the disk cannot be told any
   * more. Remove the cause and open the directory anew.
   *
   * @throws IllegalArgumentException if there is no record, a record has a line break or more than 16 MiB, or the plan's
   *     name is not one
   */
  @Override
  public void append(String plan, long expectedNext, List<String> records) {
    PlanName.checked(plan);
    List<byte[]> texts = LogFormat.texts(records);
    try {
      writing(() -> appendLocked(plan, expectedNext, texts));
    } catch (IOException e) {
      throw unusable("appended to", e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>What was there is kept as a log of its own, {@code journal-<first>-<next>.log} in the same directory; it is never
   * looked at again and may be moved away. If the records cannot take its place, this instance takes no more appends, as after
   * an append that failed; before that, nothing has changed.
   *
   * @throws IllegalArgumentException if no record is kept, a record has a line break or more than 16 MiB, the plan's name is
   *     not one, or {@code expectedNext} is not positive
   */
  @Override
  public void compact(String plan, long expectedNext, List<String> kept) {
    PlanName.checked(plan);
    List<byte[]> texts = LogFormat.texts(kept);
    if (expectedNext < 1) {
      throw new IllegalArgumentException("expectedNext must be positive, but is " + expectedNext
          + "; without records there is nothing to compact");
    }
    try {
      writing(() -> compactLocked(plan, expectedNext, texts));
    } catch (IOException e) {
      throw unusable("compacted", e);
    }
  }

  private void writing(Disk.Task<LogTip> task) throws IOException {
    if (!Ownership.checkDirectory(directory)) {
      disk.createDirectory(directory);
    }
    ReentrantLock threads = threads();
    threads.lock();
    try {
      Ownership.checkFile(lockFile);
      tip = disk.locked(lockFile, false, task);
    } finally {
      threads.unlock();
    }
  }

  private LogTip appendLocked(String plan, long expectedNext, List<byte[]> texts)
      throws IOException {
    Disk.OpenFile open = current(plan, expectedNext);
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    long position = tip.end;
    if (!tipIsForced) {
      // Whoever wrote the last append may have died before it was forced, or its force may have
      // failed: then its pages count as written though they are not, and no later force would write
      // them. Written again, they are forced with what follows. All before it is durable: whoever
      // went on from there did the same.
      position = tip.lastAppend;
      lines.writeBytes(LogCompaction.bytes(open, tip.lastAppend, tip.end));
    }
    LogTip next = new LogFormat().append(tip, plan, texts, lines);
    try {
      if (torn) {
        // Forced by itself, lest a crash leave a mixture of the old tail and the new lines.
        open.truncate(tip.end);
        open.force();
      }
      open.write(position, lines.toByteArray());
      open.force();
    } catch (IOException | RuntimeException | Error e) {
      throw failed(plan, "an append to ", e);
    }
    tipIsForced = true;
    return next;
  }

  private LogTip compactLocked(String plan, long expectedNext, List<byte[]> texts)
      throws IOException {
    LogCompaction compaction = new LogCompaction(disk, directory, log);
    compaction.prepare(current(plan, expectedNext), tip, texts);
    try {
      release();
      compaction.replace();
    } catch (IOException | RuntimeException | Error e) {
      throw failed(plan, "a compaction of ", e);
    }
    return LogTip.START;
  }

  /** Opens the log, reads what others wrote, and sees that its next record is the one that is expected. */
  private Disk.OpenFile current(String plan, long expectedNext) throws IOException {
    if (failure != null) {
      throw new JournalException(
          log + " takes no append from here, because an earlier one failed (" + Reason.of(failure)
              + ") and what of it is on disk cannot be told; open the directory anew",
          failure);
    }
    Disk.OpenFile open = open();
    torn = false;
    if (open.size() != tip.end) {
      LogScan news = LogScan.verify(log, open, tip, plan);
      tipIsForced &= news.tip().end == tip.end;
      tip = news.tip();
      torn = news.torn();
    }
    if (tip.isStart()) {
      LogCompaction.requireNoArchive(directory, log);
    } else if (!tip.plan().equals(plan)) {
      throw LogScan.ofAnotherPlan(log, tip.plan(), plan);
    }
    if (tip.next != expectedNext) {
      throw new JournalConflictException(plan, expectedNext, tip.next);
    }
    return open;
  }

  private JournalException failed(String plan, String what, Throwable cause) {
    failure = cause;
    try {
      release();
    } catch (IOException closing) {
      cause.addSuppressed(closing);
    }
    return new JournalException(
        "plan '" + plan + "': " + what + log + " failed (" + Reason.of(cause)
            + "), and what of it is on disk cannot be told; remove the cause and open the directory"
            + " anew",
        cause);
  }

  /** Opens the log, unless the one that is open is still the one in the directory. */
  private Disk.OpenFile open() throws IOException {
    Optional<BasicFileAttributes> found = Ownership.checkFile(log);
    Disk.OpenFile open = file;
    if (open != null
        && found.isPresent()
        && Objects.equals(found.get().fileKey(), fileKey)
        && found.get().size() >= tip.end) {
      return open;
    }
    release();
    if (found.isEmpty()) {
      disk.createFile(log);
    }
    forceNames();
    open = disk.open(log, true);
    file = open;
    fileKey = Files.readAttributes(log, BasicFileAttributes.class).fileKey();
    return open;
  }

  /** Makes the names of log and directory durable: who made them may have died before he could. */
  private void forceNames() throws IOException {
    disk.forceDirectory(directory);
    try {
      disk.forceDirectory(directory.resolve(".."));
    } catch (AccessDeniedException e) {
      // What this user cannot even list, another made beforehand.
      return;
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Changes nothing on disk. The records of an append that is under way or was torn by a crash are not there yet.
   *
   * @throws IllegalArgumentException if the plan's name is not one
   */
  @Override
  public Log read(String plan) {
    PlanName.checked(plan);
    return reading(open -> {
          LogScan scan = LogScan.read(log, open, plan);
          if (scan.tip().isStart()) {
            LogCompaction.requireNoArchive(directory, log);
          }
          return new Log(scan.tip().first, scan.records());
        })
        .orElse(Log.EMPTY);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Costs one look at the file's size if this instance appended last.
   *
   * @throws IllegalArgumentException if the plan's name is not one
   */
  @Override
  public List<String> read(String plan, long from) {
    try {
      if (Ownership.checkDirectory(directory) && isLast(from)) {
        return List.of();
      }
    } catch (IOException e) {
      throw unusable("read", e);
    }
    return Journal.super.read(plan, from);
  }

  /** Whether the log ends with what this instance appended or saw last. Others append at its end, or put another file there. */
  private boolean isLast(long next) throws IOException {
    ReentrantLock threads = threads();
    threads.lock();
    try {
      Optional<BasicFileAttributes> found = Ownership.checkFile(log);
      return file != null
          && tip.next == next
          && found.isPresent()
          && found.get().size() == tip.end
          && Objects.equals(found.get().fileKey(), fileKey);
    } finally {
      threads.unlock();
    }
  }

  /**
   * Returns the plan whose log is in the directory, for tools that were told the directory only. Changes nothing on disk.
   *
   * @return the plan's name; nothing if there is no log yet
   * @throws JournalException if the log cannot be read, its first line is damaged, or it is of a later format
   */
  public Optional<String> plan() {
    return reading(open -> LogScan.plan(log, open)).flatMap(plan -> plan);
  }

  private <T> Optional<T> reading(Reading<T> reading) {
    try {
      if (!Ownership.checkDirectory(directory)) {
        return Optional.empty();
      }
      ReentrantLock threads = threads();
      threads.lock();
      try {
        // Without the lock file nobody has appended here: this is a copy, or another's first append
        // is yet to come.
        return Ownership.checkFile(lockFile).isPresent()
            ? disk.locked(lockFile, true, () -> readingLocked(reading))
            : readingLocked(reading);
      } finally {
        threads.unlock();
      }
    } catch (IOException e) {
      throw unusable("read", e);
    }
  }

  private <T> Optional<T> readingLocked(Reading<T> reading) throws IOException {
    if (Ownership.checkFile(log).isEmpty()) {
      LogCompaction.requireNoArchive(directory, log);
      return Optional.empty();
    }
    try (Disk.OpenFile open = disk.open(log, false)) {
      return Optional.of(reading.of(open));
    }
  }

  /**
   * Gives the open file back. Need not be called: nothing is ever left to be written. A later append opens the file again.
   *
   * @throws JournalException if the file cannot be closed
   */
  @Override
  public void close() {
    ReentrantLock threads = lock;
    if (threads == null) {
      return;
    }
    threads.lock();
    try {
      release();
    } catch (IOException e) {
      throw unusable("closed", e);
    } finally {
      threads.unlock();
    }
  }

  private void release() throws IOException {
    Disk.OpenFile open = file;
    file = null;
    tip = LogTip.START;
    tipIsForced = false;
    if (open != null) {
      open.close();
    }
  }

  private ReentrantLock threads() throws IOException {
    ReentrantLock known = lock;
    if (known == null) {
      known = ProcessLocks.of(directory.toRealPath());
      lock = known;
    }
    return known;
  }

  private JournalException unusable(String done, IOException cause) {
    return new JournalException(
        "the journal in " + directory + " cannot be " + done + ": " + Reason.of(cause), cause);
  }

  @Override
  public String toString() {
    return "FileJournal[" + directory + "]";
  }

  private interface Reading<T> {
    T of(Disk.OpenFile open) throws IOException;
  }
}
