package io.drkit.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A file system with a page cache of its own for one file. What was not forced is lost with the power; and as on Linux,
 * pages whose force failed count as clean: they are readable until then, and no later force writes them.
 */
final class PowerLossDisk extends ForwardingDisk {
  private static final int PAGE = 4096;

  private final NavigableSet<Long> dirty = new TreeSet<>();
  private byte[] durable = new byte[0];
  private int failingForces;

  /** Makes the next forces of the file fail. */
  void failForces(int count) {
    failingForces = count;
  }

  /** Puts the file into the state in which it is found after the power came back. */
  void losePower(Path file) throws IOException {
    Files.write(file, durable);
  }

  @Override
  public void forceDirectory(Path directory) {
    // Names are not lost here: only a file's content is.
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    return new CachedFile(file, super.open(file, writable));
  }

  private final class CachedFile extends ForwardingFile {
    private final Path path;

    CachedFile(Path path, OpenFile file) {
      super(file);
      this.path = path;
    }

    @Override
    public void write(long position, byte[] bytes) throws IOException {
      super.write(position, bytes);
      for (long page = position / PAGE; page * PAGE < position + bytes.length; page++) {
        dirty.add(page);
      }
    }

    @Override
    public void force() throws IOException {
      if (failingForces > 0) {
        failingForces--;
        dirty.clear();
        throw new IOException("sync failed");
      }
      byte[] cached = Files.readAllBytes(path);
      byte[] forced = Arrays.copyOf(durable, cached.length);
      for (long page : dirty) {
        int from = Math.min(Math.toIntExact(page * PAGE), cached.length);
        System.arraycopy(cached, from, forced, from, Math.min(PAGE, cached.length - from));
      }
      durable = forced;
      dirty.clear();
    }
  }
}
