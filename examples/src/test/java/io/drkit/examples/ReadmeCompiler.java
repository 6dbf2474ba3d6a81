package io.drkit.examples;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The compiler of README blocks, on the class path of this test.
 *
 * <p>A block that declares a type at its top is a file as it stands. Any other block is a sequence of statements, which gets a
 * method around it, or else of members, which get a class around them; both may begin with imports of their own and have
 * {@link #STANDARD_IMPORTS}.
 */
final class ReadmeCompiler {
  /** What statements and members need not import. */
  static final List<String> STANDARD_IMPORTS = List.of("java.time.*", "java.util.*", "io.drkit.*");

  private final JavaCompiler javac = ToolProvider.getSystemJavaCompiler();

  /** One for all blocks: it keeps the jars of the class path open. */
  private final StandardJavaFileManager files =
      javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8);

  /** {@return what is wrong with a block, one line per error, each with file and line of the README; empty if it compiles} */
  List<String> errors(ReadmeBlock block) {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    JavacTask task = task(source(block), diagnostics);
    try {
      task.parse();
      task.analyze();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return errors(block, diagnostics);
  }

  /**
   * Compiles a block.
   *
   * @param folder where its classes are put
   * @return what is wrong with it, as {@link #errors} says
   */
  List<String> compile(ReadmeBlock block, Path folder) {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    task(source(block), diagnostics, "-d", folder.toString()).call();
    return errors(block, diagnostics);
  }

  private String source(ReadmeBlock block) {
    return Stream.of(asFile(block), asStatements(block), asMembers(block))
        .filter(this::parses)
        .findFirst()
        .orElseGet(() -> asStatements(block));
  }

  private static List<String> errors(
      ReadmeBlock block, DiagnosticCollector<JavaFileObject> diagnostics) {
    return diagnostics.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        // Whatever is put around a block is on the first line, which stands for the fence.
        .map(error -> block.file() + ":" + (block.line() + error.getLineNumber() - 1) + ": "
            + error.getMessage(Locale.ROOT).replaceAll("\\s*\\R\\s*", "; "))
        .toList();
  }

  private boolean parses(String source) {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    boolean declaresSomething = false;
    try {
      for (CompilationUnitTree unit : task(source, diagnostics).parse()) {
        declaresSomething |= !unit.getTypeDecls().isEmpty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return declaresSomething
        && diagnostics.getDiagnostics().stream()
            .noneMatch(found -> found.getKind() == Diagnostic.Kind.ERROR);
  }

  private JavacTask task(
      String source, DiagnosticCollector<JavaFileObject> diagnostics, String... more) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> options = new ArrayList<>(
        List.of("--release", "17", "-proc:none", "-Xlint:none", "-classpath", classPath));
    options.addAll(List.of(more));
    return (JavacTask)
        javac.getTask(null, files, diagnostics, options, null, List.of(new Source(source)));
  }

  private static String asFile(ReadmeBlock block) {
    return imports(block.imports()) + "\n" + block.code();
  }

  private static String asStatements(ReadmeBlock block) {
    return wrapped(block, "void block() throws Exception {", "}");
  }

  private static String asMembers(ReadmeBlock block) {
    return wrapped(block, "", "");
  }

  private static String wrapped(ReadmeBlock block, String before, String after) {
    List<String> imports = new ArrayList<>(STANDARD_IMPORTS);
    imports.addAll(block.imports());
    List<String> body = new ArrayList<>();
    for (String line : block.code().split("\n", -1)) {
      boolean header = body.stream().allMatch(String::isBlank);
      if (header && line.startsWith("import ")) {
        imports.add(line.strip().substring("import ".length()).replaceFirst(";.*", ""));
        // The line stays, so that all others keep their numbers.
        body.add("");
      } else {
        body.add(line);
      }
    }
    String given =
        block.given().stream().map(variable -> variable + ";").collect(Collectors.joining(" "));
    return imports(imports) + " class Block { " + given + " " + before + "\n"
        + String.join("\n", body) + "\n" + after + "}\n";
  }

  private static String imports(List<String> names) {
    return names.stream().map(name -> "import " + name + ";").collect(Collectors.joining(" "));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Block.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }

    /** A reader gives a public type a file of its own; here each may be in the same. */
    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE;
    }
  }
}
