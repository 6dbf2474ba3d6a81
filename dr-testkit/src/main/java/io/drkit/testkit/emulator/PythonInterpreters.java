package io.drkit.testkit.emulator;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The Python interpreters on a {@code PATH}, the likeliest to have moto first. */
final class PythonInterpreters {
  private static final boolean WINDOWS = File.separatorChar == '\\';
  private static final int LONGEST_SHEBANG = 512;

  private PythonInterpreters() {}

  /**
   * {@return the interpreters to try}
   *
   * <p>First the one that a {@code moto_server} script names in its first line; a pyenv shim is a shell script and names none.
   * Then each {@code python3} and {@code python}: a system's own often has no moto while a later one has.
   */
  static List<Path> on(Map<String, String> environment) {
    List<Path> directories = directories(environment.getOrDefault("PATH", ""));
    Set<Path> interpreters = new LinkedHashSet<>();
    for (Path directory : directories) {
      named(directory.resolve("moto_server")).ifPresent(interpreters::add);
    }
    for (String name :
        WINDOWS ? List.of("python.exe", "python3.exe") : List.of("python3", "python")) {
      for (Path directory : directories) {
        Path interpreter = directory.resolve(name);
        if (Files.isExecutable(interpreter) && !Files.isDirectory(interpreter)) {
          interpreters.add(interpreter);
        }
      }
    }
    return List.copyOf(interpreters);
  }

  private static List<Path> directories(String path) {
    List<Path> directories = new ArrayList<>();
    for (String entry : path.split(File.pathSeparator, -1)) {
      try {
        if (!entry.isEmpty()) {
          directories.add(Path.of(entry));
        }
      } catch (InvalidPathException notADirectory) {
        // The shell passes over such an entry, too.
      }
    }
    return directories;
  }

  private static Optional<Path> named(Path script) {
    if (!Files.isRegularFile(script)) {
      return Optional.empty();
    }
    try (var in = Files.newInputStream(script)) {
      String start = new String(in.readNBytes(LONGEST_SHEBANG), StandardCharsets.UTF_8);
      String line = start.lines().findFirst().orElse("");
      if (!line.startsWith("#!") || !line.contains("python")) {
        return Optional.empty();
      }
      Path interpreter = Path.of(line.substring(2).trim());
      return Files.isExecutable(interpreter) ? Optional.of(interpreter) : Optional.empty();
    } catch (IOException | InvalidPathException unreadable) {
      return Optional.empty();
    }
  }
}
