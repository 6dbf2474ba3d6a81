package io.drkit.file;

/** An open file that is an array of bytes, for tests that read tens of thousands of broken logs. */
final class BytesInMemory implements Disk.OpenFile {
  private final byte[] bytes;

  BytesInMemory(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    int count = (int) Math.min(length, bytes.length - position);
    System.arraycopy(bytes, (int) position, into, offset, count);
    return count == 0 ? -1 : count;
  }

  @Override
  public void write(long position, byte[] more) {
    throw new UnsupportedOperationException("not modelled by BytesInMemory: write");
  }

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("not modelled by BytesInMemory: truncate");
  }

  @Override
  public void force() {
    throw new UnsupportedOperationException("not modelled by BytesInMemory: force");
  }

  @Override
  public void close() {}
}
