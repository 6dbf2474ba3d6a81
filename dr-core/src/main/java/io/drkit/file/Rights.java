package io.drkit.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/** How a file system keeps who may do what. */
enum Rights {
  POSIX {
    @Override
    FileAttribute<?>[] attributes(String permissions) {
      return new FileAttribute<?>[] {
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
      };
    }

    @Override
    PosixFileAttributes read(Path path) throws IOException {
      return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    boolean othersMayWrite(BasicFileAttributes read) {
      return ((PosixFileAttributes) read).permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    @Override
    void forceDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  },

  /** Windows, say: files are as open as their directory, and a directory can neither be opened nor need it be. */
  OTHER {
    @Override
    FileAttribute<?>[] attributes(String permissions) {
      return new FileAttribute<?>[0];
    }

    @Override
    BasicFileAttributes read(Path path) throws IOException {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    boolean othersMayWrite(BasicFileAttributes read) {
      return false;
    }

    @Override
    void forceDirectory(Path directory) {
      // What was moved or made in it is as durable as it can be.
    }
  };

  static Rights of(FileSystem files) {
    return files.supportedFileAttributeViews().contains("posix") ? POSIX : OTHER;
  }

  /** What a new file is made with. */
  abstract FileAttribute<?>[] attributes(String permissions);

  /** What a file is, links not followed. */
  abstract BasicFileAttributes read(Path path) throws IOException;

  /** Whether every user may write what was {@linkplain #read read}. */
  abstract boolean othersMayWrite(BasicFileAttributes read);

  /** Makes durable what was made, moved or removed in a directory. */
  abstract void forceDirectory(Path directory) throws IOException;
}
