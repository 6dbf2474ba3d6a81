package io.drkit.file;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The real file system. */
enum LocalDisk implements Disk {
  INSTANCE;

  @Override
  public void createDirectory(Path directory) throws IOException {
    List<Path> changed = new ArrayList<>();
    Path parent = directory;
    do {
      parent = Objects.requireNonNull(parent.getParent(), "the root is always there");
      changed.add(parent);
    } while (!Files.isDirectory(parent));
    Files.createDirectories(directory, Ownership.directoryAttributes());
    for (Path above : changed) {
      forceDirectory(above);
    }
  }

  @Override
  public void createFile(Path file) throws IOException {
    Files.createFile(file, Ownership.fileAttributes());
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    Rights.of(directory.getFileSystem()).forceDirectory(directory);
  }

  @Override
  public <T> T locked(Path file, boolean shared, Task<T> task) throws IOException {
    Set<OpenOption> options = shared
        ? Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
        : Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel channel = FileChannel.open(file, options, Ownership.fileAttributes())) {
      lock(channel, 0, Long.MAX_VALUE, shared);
      return task.run();
    } catch (OverlappingFileLockException e) {
      throw new FileSystemException(
          file.toString(), null, "is locked in this process already; load drkit once only");
    }
  }

  /** Locks a part of a file, waiting for other processes. An interrupt closes the channel, but only if it has to wait. */
  static FileLock lock(FileChannel channel, long position, long size, boolean shared)
      throws IOException {
    FileLock free = channel.tryLock(position, size, shared);
    return free != null ? free : channel.lock(position, size, shared);
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    return new LocalFile(new RandomAccessFile(file.toFile(), writable ? "rw" : "r"));
  }

  /** Not on a channel: that is closed when its thread is interrupted, in the middle of a write for all one knows. */
  private static final class LocalFile implements OpenFile {
    private final RandomAccessFile file;

    LocalFile(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.length();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      file.seek(position);
      return file.read(into, offset, length);
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
      file.seek(position);
      file.write(bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.setLength(size);
    }

    @Override
    public void force() throws IOException {
      // Not without the metadata: by its contract, that need not make the new size durable.
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
