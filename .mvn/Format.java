import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or rewrites the layout of every Java file of the tree with google-java-format.
 *
 * <p>The build starts this on JDK 25 because the formatter does not run on every JVM that can run
 * Maven. Arguments: the root of the tree, then {@code check} or {@code write}.
 */
final class Format {

  private Format() {}

  public static void main(String[] args) throws Exception {
    Path root = Path.of(args[0]);
    boolean write =
        switch (args[1]) {
          case "check" -> false;
          case "write" -> true;
          default -> throw new IllegalArgumentException("format is check or write, not " + args[1]);
        };
    List<String> command = new ArrayList<>();
    command.addAll(write ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    command.addAll(javaFiles(root));
    PrintWriter out = new PrintWriter(System.out, true);
    PrintWriter err = new PrintWriter(System.err, true);
    int status =
        new Main(out, err, InputStream.nullInputStream()).format(command.toArray(String[]::new));
    out.flush();
    err.flush();
    if (status != 0) {
      if (!write) {
        System.err.println("The files above are not formatted: mvn -N validate -Dformat=write");
      }
      System.exit(status);
    }
  }

  /** All Java files below root, in a fixed order, without build outputs and hidden folders. */
  private static List<String> javaFiles(Path root) throws IOException {
    List<String> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String name = dir.equals(root) ? "" : dir.getFileName().toString();
            boolean skip = name.equals("target") || name.startsWith(".") && !name.equals(".mvn");
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
