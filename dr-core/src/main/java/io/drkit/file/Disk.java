package io.drkit.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The file system as a journal uses it: the seam at which a test makes any operation fail. */
interface Disk {

  /** Makes a directory, and those above it that are missing, for this user alone; durable when it returns. */
  void createDirectory(Path directory) throws IOException;

  /** Makes an empty file for this user alone. */
  void createFile(Path file) throws IOException;

  /** Removes a file, if it exists. */
  void delete(Path file) throws IOException;

  /** Gives a file another name in the same directory, in one step; a file that had it is replaced. */
  void move(Path file, Path to) throws IOException;

  /** Makes the names in a directory durable. */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Does something while no other process has the lock on a file, and waits until it may. The caller keeps the other
   * threads of this process away.
   *
   * @param shared whether others may have it at the same time; then the file must exist, else it is made
   */
  <T> T locked(Path file, boolean shared, Task<T> task) throws IOException;

  /** Opens a file that exists. */
  OpenFile open(Path file, boolean writable) throws IOException;

  /** What is done with files. */
  interface Task<T> {
    T run() throws IOException;
  }

  /** An open file. An interrupt of the thread that uses it has no effect on it. */
  interface OpenFile extends Closeable {

    long size() throws IOException;

    /** {@return how many bytes were read, at least one; or -1 at the end of the file} */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /** Writes all bytes, or throws when some of them may be written. */
    void write(long position, byte[] bytes) throws IOException;

    void truncate(long size) throws IOException;

    /** Returns when content and size are durable. */
    void force() throws IOException;
  }
}
