package io.drkit.file;

import io.drkit.spi.Journal;
import io.drkit.spi.JournalConflictException;
import io.drkit.spi.JournalException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
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
      if (!Ownership.checkDirectory(directory)) {
        disk.createDirectory(directory);
      }
      ReentrantLock threads = threads();
      threads.lock();
      try {
        Ownership.checkFile(lockFile);
        tip = disk.locked(lockFile, false, () -> appendLocked(plan, expectedNext, texts));
      } finally {
        threads.unlock();
      }
    } catch (IOException e) {
      throw unusable("appended to", e);
    }
  }

  private LogTip appendLocked(String plan, long expectedNext, List<byte[]> texts)
      throws IOException {
    if (failure != null) {
      throw new JournalException(
          log + " takes no append from here, because an earlier one failed (" + Reason.of(failure)
              + ") and what of it is on disk cannot be told; open the directory anew",
          failure);
    }
    Disk.OpenFile open = open();
    boolean torn = false;
    if (open.size() != tip.end) {
      LogScan news = LogScan.verify(log, open, tip, plan);
      tipIsForced &= news.tip().end == tip.end;
      tip = news.tip();
      torn = news.torn();
    }
    if (!tip.isStart() && !tip.plan().equals(plan)) {
      throw LogScan.ofAnotherPlan(log, tip.plan(), plan);
    }
    if (tip.records != expectedNext) {
      throw new JournalConflictException(plan, expectedNext, tip.records);
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    long position = tip.end;
    if (!tipIsForced) {
      // Whoever wrote the last append may have died before it was forced, or its force may have
      // failed: then its pages count as written though they are not, and no later force would write
      // them. Written again, they are forced with what follows. All before it is durable: whoever
      // went on from there did the same.
      position = tip.lastAppend;
      lines.writeBytes(bytes(open, tip.lastAppend, tip.end));
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
      failure = e;
      try {
        release();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw new JournalException(
          "plan '" + plan + "': an append to " + log + " failed (" + Reason.of(e)
              + "), and what of it is on disk cannot be told; remove the cause and open the directory"
              + " anew",
          e);
    }
    tipIsForced = true;
    return next;
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
    Path parent = directory.getParent();
    if (parent != null) {
      try {
        disk.forceDirectory(parent);
      } catch (AccessDeniedException e) {
        // What this user cannot even list, another made beforehand.
        return;
      }
    }
  }

  private static byte[] bytes(Disk.OpenFile file, long from, long to) throws IOException {
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
   * {@inheritDoc}
   *
   * <p>Changes nothing on disk. The records of an append that is under way or was torn by a crash are not there yet.
   *
   * @throws IllegalArgumentException if the plan's name is not one
   */
  @Override
  public List<String> read(String plan) {
    PlanName.checked(plan);
    return reading(open -> LogScan.read(log, open, plan).records()).orElse(List.of());
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

  /** Whether the log ends with what this instance appended or saw last. Others append at its end, and never take away. */
  private boolean isLast(long records) throws IOException {
    ReentrantLock threads = threads();
    threads.lock();
    try {
      Optional<BasicFileAttributes> found = Ownership.checkFile(log);
      return file != null
          && tip.records == records
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
