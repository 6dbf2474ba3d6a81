package io.drkit.file;

import java.io.IOException;
import java.nio.file.Path;

/** The real file system, never forced: for tests that write thousands of journals and lose no power. */
class UnforcedDisk extends ForwardingDisk {
  @Override
  public void forceDirectory(Path directory) {
    // As if it were.
  }

  @Override
  public OpenFile open(Path file, boolean writable) throws IOException {
    return new ForwardingFile(super.open(file, writable)) {
      @Override
      public void force() {
        // As if it were.
      }
    };
  }
}
