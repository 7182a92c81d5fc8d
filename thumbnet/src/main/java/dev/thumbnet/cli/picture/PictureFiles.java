package dev.thumbnet.cli.picture;

import dev.thumbnet.data.FolderWalk;
import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.LeftOut;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
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
   * Finds the pictures. Folders are walked as {@link FolderWalk} says: links are followed, each
   * folder is visited once, and files without an extension of {@link ImageFolder#EXTENSIONS} are
   * left out and told of.
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
    FolderWalk walk = new FolderWalk(folder, this::note);
    if (except != null && !isSame(except, folder)) {
      walk.passOver(except);
    }
    List<Path> places =
        walk.pictures().stream().map(folder::relativize).sorted(PictureFiles::compare).toList();
    places.forEach(place -> sources.add(new Source(folder.resolve(place), place)));
    List<LeftOut> leftOut = walk.leftOut();
    if (places.isEmpty()) {
      complete = false;
      notes.add(
          folder
              + ": 0 pictures, whose names end with one of "
              + String.join(", ", ImageFolder.EXTENSIONS.stream().sorted().toList())
              + (leftOut.isEmpty() ? "" : "; there are " + LeftOut.list(leftOut)));
    } else if (!leftOut.isEmpty()) {
      notes.add(folder + ": " + places.size() + " pictures; left out are " + LeftOut.list(leftOut));
    }
  }

  private void note(IllegalArgumentException unreadable) {
    complete = false;
    notes.add(unreadable.getMessage());
  }

  private static boolean isSame(Path a, Path b) {
    try {
      return Files.exists(a) && Files.isSameFile(a, b);
    } catch (IOException e) {
      return false; // and listing it will tell why
    }
  }

  /**
   * Folder by folder, and in each by the bytes of the names, which in UTF-8 is the order of code
   * points.
   */
  private static int compare(Path a, Path b) {
    int common = Math.min(a.getNameCount(), b.getNameCount());
    for (int i = 0; i < common; i++) {
      int order = a.getName(i).compareTo(b.getName(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.getNameCount(), b.getNameCount());
  }
}
