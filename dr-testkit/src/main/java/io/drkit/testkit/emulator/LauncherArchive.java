package io.drkit.testkit.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The launcher's Python sources as the one file that an interpreter runs: it deletes it as soon as it has read it. */
final class LauncherArchive {
  static final List<String> SOURCES = List.of(
      "__main__.py",
      "drkit_emulator/__init__.py",
      "drkit_emulator/autoscaling.py",
      "drkit_emulator/checksums.py",
      "drkit_emulator/cloudwatch.py",
      "drkit_emulator/control.py",
      "drkit_emulator/corrections.py",
      "drkit_emulator/ec2.py",
      "drkit_emulator/images.py",
      "drkit_emulator/outage.py",
      "drkit_emulator/patching.py",
      "drkit_emulator/rds.py",
      "drkit_emulator/route53.py",
      "drkit_emulator/s3.py",
      "drkit_emulator/s3_transfer.py",
      "drkit_emulator/server.py",
      "drkit_emulator/wire.py");

  private LauncherArchive() {}

  static Path write() throws IOException {
    Path archive = Files.createTempFile("drkit-emulator-", ".pyz");
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (String source : SOURCES) {
        zip.putNextEntry(new ZipEntry(source));
        try (InputStream in = LauncherArchive.class.getResourceAsStream("launcher/" + source)) {
          if (in == null) {
            throw new IOException(
                "the resource launcher/" + source + " is missing from drkit's testkit");
          }
          in.transferTo(zip);
        }
        zip.closeEntry();
      }
    }
    return archive;
  }
}
