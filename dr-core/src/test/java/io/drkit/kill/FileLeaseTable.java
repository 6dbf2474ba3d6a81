package io.drkit.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drkit.DrException;
import io.drkit.spi.LeaseTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A table of one plan's lease in a file that processes of one host share: each look and each change locks the file. */
final class FileLeaseTable implements LeaseTable {
  private final Path file;

  FileLeaseTable(Path file) {
    this.file = file;
  }

  private interface Access<T> {
    T to(FileChannel channel) throws IOException;
  }

  private synchronized <T> T locked(Access<T> access) {
    try (FileChannel channel = FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.lock();
      return access.to(channel);
    } catch (IOException e) {
      throw new DrException("the table of leases cannot be reached", e);
    }
  }

  private static Entry entry(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Until all of it is there.
    }
    String[] parts = new String(bytes.array(), UTF_8).split(" ", -1);
    return parts.length < 3
        ? Entry.NONE
        : new Entry(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  @Override
  public Entry read(String plan) {
    return locked(FileLeaseTable::entry);
  }

  @Override
  public boolean replace(String plan, Entry expected, Entry next) {
    return locked(channel -> {
      if (!entry(channel).equals(expected)) {
        return false;
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap((next.epoch() + " " + next.beat() + " " + next.owner()).getBytes(UTF_8)),
          0);
      return true;
    });
  }
}
