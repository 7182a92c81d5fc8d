package dev.thumbnet.cli.picture;

import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The pictures that a command line names: files; folders, which stand for all pictures below them,
 * sorted by name; and {@code -} for standard input.
 */
public final class PictureFiles {
  private static final Path STANDARD_INPUT = Path.of("-");

  private final List<Source> sources = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean complete = true;

  // While a folder is walked.
  private final Set<Path> seen = new HashSet<>();
  private int passedOver;

  /**
   * Where a picture comes from.
   *
   * @param file as people know it; {@code -} for standard input
   * @param place its path within the folder that was named, or its name
   */
  public record Source(Path file, Path place) {
    /** Decodes the picture and uses it as {@link ImageDecoder#decode(Path, Function)} does. */
    public <T> T decode(ImageDecoder decoder, Function<? super RgbImage, T> use) {
      return file.equals(STANDARD_INPUT)
          ? decoder.decode(System.in, "standard input", use)
          : decoder.decode(file, use);
    }
  }

  /**
   * Finds the pictures. Within folders links are followed, each folder is visited once, and names
   * that begin with a dot are passed over, as are files without an extension of {@link
   * ImageFolder#EXTENSIONS}.
   *
   * @param named what stands on the command line
   * @throws IllegalArgumentException if standard input is named twice
   * @throws CancellationException if this thread is interrupted
   */
  public PictureFiles(List<Path> named) {
    this(named, null);
  }

  /**
   * As {@link #PictureFiles(List)}, but for one folder that is passed over.
   *
   * @param except where the program itself writes; need not exist
   */
  public PictureFiles(List<Path> named, @Nullable Path except) {
    if (named.stream().filter(STANDARD_INPUT::equals).count() > 1) {
      throw new IllegalArgumentException("-: standard input can be read only once");
    }
    for (Path path : named) {
      if (path.equals(STANDARD_INPUT)) {
        sources.add(new Source(path, Path.of("stdin")));
      } else if (Files.isDirectory(path)) {
        addFolder(path, except);
      } else {
        // A file that is missing is told of when it is read, in its turn.
        sources.add(new Source(path, path.getFileName()));
      }
    }
  }

  /** Returns the pictures in their order. */
  public List<Source> sources() {
    return List.copyOf(sources);
  }

  /** Returns what people should know about what was not found or passed over. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Tells whether everything that was named gave pictures and could be read. */
  public boolean complete() {
    return complete;
  }

  private void addFolder(Path folder, @Nullable Path except) {
    int before = sources.size();
    passedOver = 0;
    seen.clear();
    try {
      if (except != null && Files.isDirectory(except) && !Files.isSameFile(except, folder)) {
        seen.add(except.toRealPath());
      }
    } catch (IOException e) {
      // Then it is not below the folder either, or listing that will tell why.
    }
    walk(folder, folder);
    if (sources.size() == before) {
      complete = false;
    }
    if (passedOver > 0 || sources.size() == before) {
      notes.add(
          folder
              + ": "
              + (sources.size() - before)
              + " pictures; "
              + passedOver
              + " other files are passed over, whose names do not end with one of "
              + String.join(", ", ImageFolder.EXTENSIONS.stream().sorted().toList()));
    }
  }

  private void walk(Path root, Path folder) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("stopped while looking for pictures");
    }
    if (!isNew(folder)) {
      return;
    }
    for (Path child : children(folder)) {
      String name = child.getFileName().toString();
      if (name.startsWith(".")) {
        continue;
      }
      if (Files.isDirectory(child)) {
        walk(root, child);
      } else if (isPicture(name) && Files.isRegularFile(child)) {
        sources.add(new Source(child, root.relativize(child)));
      } else {
        passedOver++;
      }
    }
  }

  /** Folders that link to each other would never end. */
  private boolean isNew(Path folder) {
    try {
      return seen.add(folder.toRealPath());
    } catch (IOException e) {
      return true; // and listing it will tell why
    }
  }

  /** Sorted by the bytes of their names, which in UTF-8 is the order of code points. */
  private List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException | RuntimeException e) {
      complete = false;
      notes.add(
          folder
              + ": cannot be listed: "
              + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()));
      return List.of();
    }
  }

  private static boolean isPicture(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0
        && ImageFolder.EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
