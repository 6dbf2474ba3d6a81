package io.drkit.file;

import java.io.IOException;
import java.nio.file.Path;

/** The real file system, for a test to change one operation of. */
class ForwardingDisk implements Disk {

  @Override
  public void createDirectory(Path directory) throws IOException {
    LocalDisk.INSTANCE.createDirectory(directory);
  }

  @Override
  public void createFile(Path file) throws IOException {
    LocalDisk.INSTANCE.createFile(file);
  }

  @Override
  public void delete(Path file) throws IOException {
    LocalDisk.INSTANCE.delete(file);
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    LocalDisk.INSTANCE.move(file, to);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    LocalDisk.INSTANCE.forceDirectory(directory);
  }

  @Override
  public <T> T locked(Path file, boolean shared, Task<T> task) throws IOException {
    return LocalDisk.INSTANCE.locked(file, shared, task);
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    return LocalDisk.INSTANCE.open(file, writable);
  }

  /** A real file. */
  static class ForwardingFile implements OpenFile {
    private final OpenFile file;

    ForwardingFile(OpenFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
      return file.read(position, into, offset, length);
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
      file.write(position, bytes);
    }

    @Override
    public void truncate(long size) throws IOException {
      file.truncate(size);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
