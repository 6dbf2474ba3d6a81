package io.drkit.file;

import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What stood in the way, in words: some exceptions of the file system say it by their class alone. */
final class Reason {
  private Reason() {}

  static String of(Throwable cause) {
    String message = cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      return message + ": permission denied; give this process's user the right to read and write";
    }
    if (cause instanceof NoSuchFileException) {
      return message + ": does not exist";
    }
    if (cause instanceof FileLockInterruptionException
        || cause instanceof ClosedByInterruptException) {
      return "the thread was interrupted before anything was written";
    }
    return message == null ? cause.toString() : message;
  }
}
