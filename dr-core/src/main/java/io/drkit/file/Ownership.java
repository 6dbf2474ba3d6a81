package io.drkit.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;

/** Who may touch the files of this package: their owner. What others can write, or redirect by a link, is refused. */
final class Ownership {
  private static final Rights RIGHTS = Rights.of(FileSystems.getDefault());

  private Ownership() {}

  static FileAttribute<?>[] directoryAttributes() {
    return RIGHTS.attributes("rwx------");
  }

  static FileAttribute<?>[] fileAttributes() {
    return RIGHTS.attributes("rw-------");
  }

  /** {@return an absolute path in the default file system} */
  static Path absolute(Path directory) {
    if (!directory.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException(
          "directory must be of the default file system, which has locks: " + directory);
    }
    return directory.toAbsolutePath();
  }

  /** {@return whether the directory exists; if it does, it is safe to use} */
  static boolean checkDirectory(Path directory) throws IOException {
    Optional<BasicFileAttributes> found = attributes(directory);
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new FileSystemException(
          directory.toString(), null, "is not a directory; name another one");
    }
    return found.isPresent();
  }

  /** {@return the attributes of a file that is safe to use; nothing if it does not exist} */
  static Optional<BasicFileAttributes> checkFile(Path file) throws IOException {
    Optional<BasicFileAttributes> found = attributes(file);
    if (found.isPresent() && !found.get().isRegularFile()) {
      throw new FileSystemException(
          file.toString(), null, "is not a file; remove it, or name another directory");
    }
    return found;
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    BasicFileAttributes found;
    try {
      found = RIGHTS.read(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (found.isSymbolicLink()) {
      throw new FileSystemException(
          path.toString(), null, "is a symbolic link; name what it leads to");
    }
    if (RIGHTS.othersMayWrite(found)) {
      throw new FileSystemException(
          path.toString(), null, "can be written by every user; take that right away (chmod o-w)");
    }
    return Optional.of(found);
  }
}
