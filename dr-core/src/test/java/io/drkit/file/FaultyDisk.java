package io.drkit.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The real file system, never forced, on which one operation fails, or all from one on. */
final class FaultyDisk implements Disk {

  /** How an operation fails: with no effect, with all of it, or, if it is a write, with half of it. */
  enum Fault {
    BEFORE,
    HALFWAY,
    AFTER
  }

  /** What was asked for so far. */
  final List<String> operations = new ArrayList<>();

  private final int failing;
  private final Fault fault;
  private final String reason;
  private final Disk disk = new UnforcedDisk();
  private boolean forEver;

  /** Never fails. */
  FaultyDisk() {
    this(-1, Fault.BEFORE, "");
  }

  /**
   * Fails once.
   *
   * @param failing which operation fails, counting from 0
   */
  FaultyDisk(int failing, Fault fault, String reason) {
    this.failing = failing;
    this.fault = fault;
    this.reason = reason;
  }

  /** Makes all operations fail from the one on that fails. */
  FaultyDisk forEver() {
    forEver = true;
    return this;
  }

  private <T> T run(String operation, Task<T> task, Task<?> half) throws IOException {
    operations.add(operation);
    int number = operations.size() - 1;
    if (failing < 0 || (forEver ? number < failing : number != failing)) {
      return task.run();
    }
    if (fault == Fault.AFTER) {
      T dropped = task.run();
      if (dropped instanceof OpenFile file) {
        file.close();
      }
    } else if (fault == Fault.HALFWAY) {
      half.run();
    }
    throw new FileSystemException(operation, null, reason);
  }

  private void run(String operation, Action action) throws IOException {
    run(
        operation,
        () -> {
          action.run();
          return true;
        },
        () -> false);
  }

  private interface Action {
    void run() throws IOException;
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    run("create directory", () -> disk.createDirectory(directory));
  }

  @Override
  public void createFile(Path file) throws IOException {
    run("create file", () -> disk.createFile(file));
  }

  @Override
  public void delete(Path file) throws IOException {
    run("delete", () -> disk.delete(file));
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    run("move", () -> disk.move(file, to));
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    run("force directory", () -> disk.forceDirectory(directory));
  }

  @Override
  public <T> T locked(Path file, boolean shared, Task<T> task) throws IOException {
    run("lock", () -> {});
    return disk.locked(file, shared, task);
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    return new FaultyFile(run("open", () -> disk.open(file, writable), () -> false));
  }

  private final class FaultyFile implements OpenFile {
    private final OpenFile file;

    FaultyFile(OpenFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return run("size", file::size, () -> false);
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      return run("read", () -> file.read(position, into, offset, length), () -> false);
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
      run(
          "write",
          () -> {
            file.write(position, bytes);
            return true;
          },
          () -> {
            file.write(position, Arrays.copyOf(bytes, bytes.length / 2));
            return true;
          });
    }

    @Override
    public void truncate(long size) throws IOException {
      run("truncate", () -> file.truncate(size));
    }

    @Override
    public void force() throws IOException {
      run("force", file::force);
    }

    @Override
    public void close() throws IOException {
      run("close", file::close);
    }
  }
}
