package dev.thumbnet.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Makes paths of the words of a command line. To the system names of files are bytes, to Java they
 * are text, and bytes that are no text in the encoding of the locale reach the program as
 * replacement characters. Files that have such names are looked for in their folders, whose entries
 * keep the bytes.
 */
public final class FileNames implements ITypeConverter<Path> {
  private static final char REPLACEMENT = '\uFFFD';

  @Override
  public Path convert(String name) {
    if (name.isEmpty()) {
      throw new TypeConversionException("the name of a file is empty");
    }
    if (isUsable(name)) {
      return Path.of(name);
    }
    Path path = Path.of(name.startsWith("/") ? "/" : "");
    for (String part : name.split("/")) {
      path = isUsable(part) ? path.resolve(part) : entry(path, part, name);
    }
    return path;
  }

  private static boolean isUsable(String name) {
    try {
      Path path = Path.of(name);
      return name.indexOf(REPLACEMENT) < 0 || Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static Path entry(Path folder, String part, String name) {
    List<Path> same;
    try (Stream<Path> entries = Files.list(folder)) {
      same = entries.filter(entry -> entry.getFileName().toString().equals(part)).toList();
    } catch (IOException e) {
      same = List.of();
    }
    if (same.size() != 1) {
      throw new TypeConversionException(
          "'"
              + name
              + "' is not text in "
              + System.getProperty("sun.jnu.encoding")
              + ", and "
              + (same.isEmpty() ? "no file is" : "several files are")
              + " called so; in a locale of UTF-8 all names of UTF-8 can be used, for example with"
              + " LC_ALL=C.UTF-8");
    }
    return same.getFirst();
  }
}
