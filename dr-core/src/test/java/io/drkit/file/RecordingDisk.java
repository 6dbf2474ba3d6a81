package io.drkit.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The real file system, never forced, that remembers what was asked of it: what a loss of power would leave can be told from it. */
final class RecordingDisk extends ForwardingDisk {

  /** What was asked for. */
  enum Kind {
    CREATE,
    WRITE,
    TRUNCATE,
    MOVE,
    DELETE,
    FORCE,
    FORCE_NAMES
  }

  /** An operation on a file, which has a number whatever its name is. */
  static final class Operation {
    final Kind kind;
    final int file;

    /** The name that it makes or takes away. */
    final String name;

    /** The name that it gives instead. */
    final String to;

    /** Where it writes, or the size to which it truncates. */
    final int at;

    final byte[] bytes;

    Operation(Kind kind, int file, String name, String to, long at, byte[] bytes) {
      this.kind = kind;
      this.file = file;
      this.name = name;
      this.to = to;
      this.at = Math.toIntExact(at);
      this.bytes = bytes.clone();
    }

    @Override
    public String toString() {
      return kind + " " + (name.isEmpty() ? "file " + file : name);
    }
  }

  private final List<Operation> operations = new ArrayList<>();
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private int files;
  private boolean failing;

  /** Makes the next force of a file fail. */
  void failNextForce() {
    failing = true;
  }

  List<Operation> operations() {
    return operations;
  }

  private void add(Kind kind, int file, String name, String to, long at, byte[] bytes) {
    operations.add(new Operation(kind, file, name, to, at, bytes));
  }

  private static String name(Path file) {
    return Objects.requireNonNull(file.getFileName()).toString();
  }

  private int number(String name) {
    return Objects.requireNonNull(names.get(name), name);
  }

  @Override
  public void createFile(Path file) throws IOException {
    super.createFile(file);
    names.put(name(file), files);
    add(Kind.CREATE, files, name(file), "", 0, new byte[0]);
    files++;
  }

  @Override
  public void delete(Path file) throws IOException {
    super.delete(file);
    Integer number = names.remove(name(file));
    if (number != null) {
      add(Kind.DELETE, number, name(file), "", 0, new byte[0]);
    }
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    super.move(file, to);
    int number = number(name(file));
    names.remove(name(file));
    names.put(name(to), number);
    add(Kind.MOVE, number, name(file), name(to), 0, new byte[0]);
  }

  @Override
  public void forceDirectory(Path directory) {
    add(Kind.FORCE_NAMES, -1, name(directory), "", 0, new byte[0]);
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    int number = number(name(file));
    return new ForwardingFile(super.open(file, writable)) {
      @Override
      public void write(long position, byte[] bytes) throws IOException {
        super.write(position, bytes);
        add(Kind.WRITE, number, "", "", position, bytes);
      }

      @Override
      public void truncate(long size) throws IOException {
        super.truncate(size);
        add(Kind.TRUNCATE, number, "", "", size, new byte[0]);
      }

      @Override
      public void force() throws IOException {
        if (failing) {
          failing = false;
          throw new IOException("sync failed");
        }
        add(Kind.FORCE, number, "", "", 0, new byte[0]);
      }
    };
  }
}
