import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes the unrolled classes of the engine's vector kernels. From the root of the repository:
 *
 * <pre>
 * java engine/src/main/tiles/GenerateTiles.java           into the sources of the engine
 * java engine/src/main/tiles/GenerateTiles.java FOLDER    into another folder
 * </pre>
 *
 * <p>The result is checked in; a test compares it with what this writes. Needs a JDK and nothing
 * else. {@link Table} is what is made, and the place for a further tile.
 */
final class GenerateTiles {
  private static final Path SOURCES = Path.of("engine/src/main/java");

  private GenerateTiles() {}

  public static void main(String[] arguments) throws IOException {
    Path folder =
        arguments.length > 0
            ? Path.of(arguments[0])
            : SOURCES.resolve(TileClass.PACKAGE.replace('.', '/'));
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder + " here");
    }
    Set<Path> made = new HashSet<>();
    for (TileClass tiles : Table.CLASSES) {
      Path file = folder.resolve(tiles.name() + ".java");
      Files.writeString(file, tiles.text());
      made.add(file);
    }
    deleteOthers(folder, made);
  }

  /** Deletes what an earlier version generated. */
  private static void deleteOthers(Path folder, Set<Path> made) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    for (Path file : files) {
      if (!made.contains(file) && Files.readString(file).startsWith(TileClass.MARK)) {
        Files.delete(file);
      }
    }
  }
}
