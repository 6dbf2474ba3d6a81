package io.drkit.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.DrException;
import io.drkit.spi.LeaseStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Leases as locks of the operating system on the files {@code <plan>.lease} of a directory: a lease is free the moment
 * that its process is dead, and never before. So it serves the processes of one host; on a network file system, see that
 * its locks hold between hosts, and that they end when a host does.
 *
 * <p>A file holds the owner of its last lease, as text; whether it is still held, its lock alone tells. The files are
 * never deleted: who did so would let two hold the same lease. A holder whose file was deleted or replaced by somebody
 * else sees that it does not hold the lease any more.
 *
 * <p>The directory is made when it is needed, for this user alone ({@code 0700}, its files {@code 0600}). It can be the
 * same as a {@link FileJournal}'s. A directory or a file that is a symbolic link, or that every user may write to, is
 * refused. Thread-safe, within a process with any number of instances and between processes.
 */
public final class FileLeaseStore implements LeaseStore {
  /** The byte that is locked for as long as a lease is held. Far behind the text, where no reader is in the way. */
  private static final long HOLD = 1L << 40;

  /** The byte that is locked for the moment of asking, lest one who only asks who holds it seem to hold it. */
  private static final long ASK = HOLD + 1;

  private static final Set<OpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final Map<Path, FileLease> HELD_HERE = new ConcurrentHashMap<>();

  private final Path directory;

  private FileLeaseStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Returns the lease store in a directory. Makes nothing: the first lease does.
   *
   * @param directory where it is, or will be; for any number of plans
   * @throws IllegalArgumentException if the directory is not in the default file system
   * @throws DrException if what is there is not a directory, is a symbolic link, or may be written to by every user
   */
  public static FileLeaseStore at(Path directory) {
    FileLeaseStore store = new FileLeaseStore(Ownership.absolute(directory));
    try {
      Ownership.checkDirectory(store.directory);
    } catch (IOException e) {
      throw new DrException(
          "the lease store in " + directory + " cannot be used: " + Reason.of(e), e);
    }
    return store;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the plan's name is not one, or the owner is blank
   * @throws DrException if the file cannot be written or locked
   */
  @Override
  public Optional<Lease> tryAcquire(String plan, String owner) {
    PlanName.checked(plan);
    if (owner.isBlank()) {
      throw new IllegalArgumentException(
          "owner must not be blank: it tells people who holds the lease");
    }
    try {
      if (!Ownership.checkDirectory(directory)) {
        LocalDisk.INSTANCE.createDirectory(directory);
      }
      Path file = file(plan);
      ReentrantLock threads = ProcessLocks.of(file);
      threads.lock();
      try {
        return acquire(file, owner);
      } finally {
        threads.unlock();
      }
    } catch (IOException e) {
      throw new DrException(
          "plan '" + plan + "': its lease in " + directory + " cannot be taken: " + Reason.of(e),
          e);
    }
  }

  private static Optional<Lease> acquire(Path file, String owner) throws IOException {
    FileLease here = HELD_HERE.get(file);
    if (here != null && here.held()) {
      return Optional.empty();
    }
    Ownership.checkFile(file);
    FileChannel open = FileChannel.open(file, OPTIONS, Ownership.fileAttributes());
    Object key = fileKey(file);
    FileLease lease = null;
    try {
      FileLock asking = LocalDisk.lock(open, ASK, 1, false);
      FileLock hold = open.tryLock(HOLD, 1, false);
      if (hold != null) {
        open.truncate(0);
        open.write(ByteBuffer.wrap(owner.getBytes(UTF_8)));
        asking.release();
        lease = new FileLease(file, key, owner, hold);
        HELD_HERE.put(file, lease);
      }
    } catch (OverlappingFileLockException e) {
      // Another class loader's copy of this class holds it.
      return Optional.empty();
    } finally {
      if (lease == null) {
        open.close();
      }
    }
    return Optional.ofNullable(lease);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Changes nothing on disk. A lease whose process is dead is held by nobody.
   *
   * @throws IllegalArgumentException if the plan's name is not one
   * @throws DrException if the file cannot be read
   */
  @Override
  public Optional<String> holder(String plan) {
    PlanName.checked(plan);
    try {
      if (!Ownership.checkDirectory(directory)) {
        return Optional.empty();
      }
      Path file = file(plan);
      ReentrantLock threads = ProcessLocks.of(file);
      threads.lock();
      try {
        return holder(file);
      } finally {
        threads.unlock();
      }
    } catch (IOException e) {
      throw new DrException(
          "plan '" + plan + "': who holds its lease in " + directory + " cannot be read: "
              + Reason.of(e),
          e);
    }
  }

  private static Optional<String> holder(Path file) throws IOException {
    FileLease here = HELD_HERE.get(file);
    if (here != null && here.held()) {
      // The file is not even opened: to close it again would drop the lease's lock.
      return Optional.of(here.owner);
    }
    if (Ownership.checkFile(file).isEmpty()) {
      return Optional.empty();
    }
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      if (isFree(open.getChannel())) {
        return Optional.empty();
      }
      byte[] text = new byte[Math.toIntExact(open.length())];
      open.readFully(text);
      return Optional.of(new String(text, UTF_8));
    }
  }

  private static boolean isFree(FileChannel open) throws IOException {
    try {
      FileLock asking = LocalDisk.lock(open, ASK, 1, true);
      FileLock hold = open.tryLock(HOLD, 1, true);
      asking.release();
      return hold != null;
    } catch (OverlappingFileLockException e) {
      // Another class loader's copy of this class holds it.
      return false;
    }
  }

  private Path file(String plan) throws IOException {
    return directory.toRealPath().resolve(plan + ".lease");
  }

  private static @Nullable Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Override
  public String toString() {
    return "FileLeaseStore[" + directory + "]";
  }

  private static final class FileLease implements Lease {
    private final Path file;
    private final @Nullable Object key;
    private final String owner;
    private final FileLock hold;

    FileLease(Path file, @Nullable Object key, String owner, FileLock hold) {
      this.file = file;
      this.key = key;
      this.owner = owner;
      this.hold = hold;
    }

    @Override
    public boolean held() {
      try {
        return hold.isValid() && Objects.equals(key, fileKey(file));
      } catch (IOException e) {
        // The file is gone, and so is what the lock was worth.
        return false;
      }
    }

    @Override
    public void close() {
      ReentrantLock threads = ProcessLocks.of(file);
      threads.lock();
      try {
        HELD_HERE.remove(file, this);
        hold.acquiredBy().close();
      } catch (IOException e) {
        throw new DrException("the lease in " + file + " cannot be given back: " + Reason.of(e), e);
      } finally {
        threads.unlock();
      }
    }

    @Override
    public String toString() {
      return "Lease[" + file + ", " + owner + "]";
    }
  }
}
