package io.drkit.examples;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One fenced block of Java in a README.
 *
 * <p>Comments right above the fence, one a line and not seen by a reader, say what the text around the block takes for granted:
 *
 * <pre>{@code
 * <!-- imports: io.drkit.aws.s3.*, static java.time.Duration.ofMinutes -->
 * <!-- given: Replicator ordersDb; S3Client s3 -->
 * }</pre>
 *
 * @param file the README, relative to the folder that was searched
 * @param line the line of the fence, from 1; the code starts on the next one
 * @param imports what the comment {@code imports} names, as an import statement would
 * @param given the variables of the comment {@code given}, each as type and name
 * @param code what is between the fences
 */
record ReadmeBlock(Path file, int line, List<String> imports, List<String> given, String code) {
  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})\\s*(.*?)\\s*");
  private static final Pattern COMMENT =
      Pattern.compile("\\s*<!--\\s*(imports|given):(.*?);?\\s*-->\\s*");

  ReadmeBlock {
    imports = List.copyOf(imports);
    given = List.copyOf(given);
  }

  /** {@return the blocks of every README.md in and below a folder, without build output and hidden folders} */
  static List<ReadmeBlock> below(Path root) throws IOException {
    List<Path> readmes = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        String name = folder.getFileName().toString();
        boolean searched = folder.equals(root) || !(name.startsWith(".") || name.equals("target"));
        return searched ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (file.getFileName().toString().equals("README.md")) {
          readmes.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    readmes.sort(null);
    List<ReadmeBlock> blocks = new ArrayList<>();
    for (Path readme : readmes) {
      blocks.addAll(in(root.relativize(readme), Files.readAllLines(readme)));
    }
    return blocks;
  }

  /** {@return file and line, as editors understand them} */
  String place() {
    return file + ":" + line;
  }

  private static List<ReadmeBlock> in(Path file, List<String> lines) {
    List<ReadmeBlock> blocks = new ArrayList<>();
    for (int start = 0; start < lines.size(); start++) {
      Matcher opening = FENCE.matcher(lines.get(start));
      if (!opening.matches()) {
        continue;
      }
      int end = start + 1;
      while (end < lines.size() && !closes(opening.group(1), lines.get(end))) {
        end++;
      }
      if (opening.group(2).equals("java")) {
        if (end == lines.size()) {
          throw new IllegalArgumentException(
              file + ":" + (start + 1) + ": the block of Java has no end");
        }
        blocks.add(new ReadmeBlock(
            file,
            start + 1,
            above(lines, start, "imports", ","),
            above(lines, start, "given", ";"),
            String.join("\n", lines.subList(start + 1, end))));
      }
      start = end;
    }
    return blocks;
  }

  /** A fence is closed by one of the same kind, at least as long, that says nothing else. */
  private static boolean closes(String opening, String line) {
    Matcher fence = FENCE.matcher(line);
    return fence.matches()
        && fence.group(1).startsWith(opening)
        && fence.group(2).isEmpty();
  }

  private static List<String> above(List<String> lines, int fence, String key, String separator) {
    List<String> values = new ArrayList<>();
    for (int i = fence - 1; i >= 0; i--) {
      Matcher comment = COMMENT.matcher(lines.get(i));
      if (!comment.matches()) {
        break;
      }
      if (comment.group(1).equals(key)) {
        for (String value : comment.group(2).split(separator, -1)) {
          values.add(value.strip());
        }
      }
    }
    return values;
  }
}
