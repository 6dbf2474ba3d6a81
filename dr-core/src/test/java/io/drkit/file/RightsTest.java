package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RightsTest {
  @TempDir
  Path directory;

  @Test
  void aFileSystemWithoutPosixRightsIsKnownAsSuch() throws IOException {
    URI archive = URI.create("jar:" + directory.resolve("archive.zip").toUri());
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      assertThat(Rights.of(zip)).isEqualTo(Rights.OTHER);
    }
    assertThat(Rights.of(FileSystems.getDefault())).isEqualTo(Rights.POSIX);
  }

  @Test
  void whereThereAreNoRightsNoneAreSetAndNoneAreMissed() throws IOException {
    Path file = Files.createFile(directory.resolve("log"), Rights.OTHER.attributes("rw-------"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    BasicFileAttributes read = Rights.OTHER.read(file);

    assertThat(read.isRegularFile()).isTrue();
    assertThat(Rights.OTHER.othersMayWrite(read)).isFalse();
    assertThat(Rights.POSIX.othersMayWrite(Rights.POSIX.read(file))).isTrue();
  }

  @Test
  void whereADirectoryCannotBeOpenedItIsNotForced() {
    assertThatCode(() -> Rights.OTHER.forceDirectory(directory.resolve("nowhere")))
        .doesNotThrowAnyException();
  }

  @Test
  void aLinkIsSeenAsOne() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);

    assertThat(Rights.OTHER.read(link).isSymbolicLink()).isTrue();
    assertThat(Rights.POSIX.read(link).isSymbolicLink()).isTrue();
  }
}
