package dev.thumbnet.data;

import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures in which each sub-folder is a class: {@code root/class/**&#47;picture.jpg},
 * as in torchvision's ImageFolder. Classes are sorted by name in the form of {@link ClassNames},
 * the label is the rank; the pictures of a class are sorted by folder, then by name; all sorting is
 * by Unicode code points, so labels are the same on every machine. Links are followed, but each
 * folder is visited once, and belongs to the class that holds it without a link, if one does.
 *
 * <p>Files without one of the extensions {@link #EXTENSIONS} are left out, and so is all that
 * stands outside of class folders; {@link #leftOut} tells of them. Names that start with a dot, and
 * what systems leave everywhere, such as {@code __MACOSX} and {@code Thumbs.db}, are passed over
 * without a word.
 *
 * <p>Files are decoded at each {@link #get}; wrap the set in {@link CachedPictures} to keep what
 * fits into memory. Thread-safe.
 */
public final class ImageFolder implements DataSet {
  /**
   * What counts as a picture, in upper or lower case: torchvision's list, the other names that
   * browsers and cameras give a JPEG, and those of the other formats that are read. Files are
   * decoded by what is in them.
   */
  public static final Set<String> EXTENSIONS =
      Set.of(
          "jpg", "jpeg", "jfif", "jpe", "jif", "jfi", "pjpeg", "pjp", "png", "gif", "bmp", "dib",
          "ppm", "pgm", "pbm", "pnm", "tif", "tiff", "webp");

  /** What to do about files that cannot be decoded. */
  public enum Broken {
    /** {@link ImageFolder#get} throws when it comes to one. */
    FAIL,
    /**
     * All files are decoded once when the folder is opened, and those that fail are left out, with
     * a warning for each. What is left out so depends on the files alone.
     */
    SKIP
  }

  private static final System.Logger LOG = System.getLogger(ImageFolder.class.getName());

  private record Entry(Path file, int label) {}

  private final Path root;
  private final ImageDecoder decoder;
  private final List<Path> folders;
  private final List<String> classes;
  private final List<Entry> entries;
  private final int skipped;
  private final List<LeftOut> leftOut;

  /**
   * Opens a folder; broken files fail when they are read, pictures are decoded by the usual rules.
   *
   * @param root the folder that holds one folder per class
   * @throws IllegalArgumentException if the folder is missing or has no classes, or a class has no
   *     pictures
   */
  public ImageFolder(Path root) {
    this(root, new ImageDecoder(), Broken.FAIL);
  }

  /**
   * Opens a folder.
   *
   * @param root the folder that holds one folder per class
   * @param decoder how to decode
   * @param broken what to do about files that cannot be decoded
   * @throws IllegalArgumentException if the folder is missing or has no classes, or a class has no
   *     (usable) pictures
   * @throws ImageException if files are to be skipped and it cannot be said whether one is broken,
   *     for want of memory or time
   * @throws CancellationException if this thread is interrupted
   */
  public ImageFolder(Path root, ImageDecoder decoder, Broken broken) {
    this.root = root;
    this.decoder = decoder;
    FolderWalk walk =
        new FolderWalk(
            root,
            unreadable -> {
              throw unreadable;
            });
    this.folders = classFolders(root, walk);
    this.classes = folders.stream().map(ImageFolder::className).toList();
    checkDistinct();
    List<Entry> found = new ArrayList<>();
    List<List<Path>> pictures = walk.pictures(folders);
    for (int label = 0; label < classes.size(); label++) {
      for (Path file : sorted(pictures.get(label))) {
        found.add(new Entry(file, label));
      }
    }
    this.entries = broken == Broken.SKIP ? withoutBroken(found) : List.copyOf(found);
    this.skipped = found.size() - entries.size();
    this.leftOut = walk.leftOut();
    checkNoClassIsEmpty();
  }

  private static List<Path> classFolders(Path root, FolderWalk walk) {
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException(
          "there is no folder " + root + "; expected is " + root + "/CLASS/picture.jpg");
    }
    List<Path> folders =
        walk.classFolders().stream()
            .sorted(Comparator.comparing(ImageFolder::className, CodePointOrder.INSTANCE))
            .toList();
    if (folders.isEmpty()) {
      throw new IllegalArgumentException(
          root
              + " has no sub-folders; each class needs one: "
              + root
              + "/CLASS/picture.jpg"
              + found(walk.leftOut()));
    }
    return folders;
  }

  private static String className(Path folder) {
    return ClassNames.canonical(fileName(folder));
  }

  /** Linux lets names be different that look alike. */
  private void checkDistinct() {
    for (int i = 1; i < folders.size(); i++) {
      if (classes.get(i).equals(classes.get(i - 1))) {
        throw new IllegalArgumentException(
            root
                + " has two folders for the class "
                + classes.get(i)
                + ", whose names differ only in how Unicode encodes them; put them together");
      }
    }
  }

  private static List<Path> sorted(List<Path> pictures) {
    Comparator<Path> byFolder =
        Comparator.comparing(ImageFolder::parentName, CodePointOrder.INSTANCE);
    Comparator<Path> byName = Comparator.comparing(ImageFolder::fileName, CodePointOrder.INSTANCE);
    return pictures.stream().sorted(byFolder.thenComparing(byName)).toList();
  }

  /** Tells whether a file has the name of a picture. */
  static boolean hasExtension(Path file) {
    String name = fileName(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static String found(List<LeftOut> leftOut) {
    return leftOut.isEmpty()
        ? ""
        : "; there are " + String.join(", ", leftOut.stream().map(LeftOut::toString).toList());
  }

  private static String fileName(Path file) {
    return file.getFileName().toString();
  }

  private static String parentName(Path file) {
    return Objects.requireNonNull(file.getParent()).toString().replace('\\', '/');
  }

  private List<Entry> withoutBroken(List<Entry> found) {
    @Nullable String[] complaints = new @Nullable String[found.size()];
    Thread caller = Thread.currentThread();
    IntStream.range(0, complaints.length)
        .parallel()
        .forEach(
            i -> {
              if (caller.isInterrupted()) {
                throw new CancellationException("interrupted while looking for broken pictures");
              }
              complaints[i] = complaint(found.get(i).file);
            });
    List<Entry> good = new ArrayList<>();
    for (int i = 0; i < complaints.length; i++) {
      if (complaints[i] == null) {
        good.add(found.get(i));
      } else {
        LOG.log(System.Logger.Level.WARNING, "skipped " + complaints[i]);
      }
    }
    if (good.size() < found.size()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "skipped " + (found.size() - good.size()) + " of " + found.size() + " files of " + root);
    }
    return List.copyOf(good);
  }

  /** What is wrong with a file, if something is. */
  private @Nullable String complaint(Path file) {
    try {
      decoder.decode(file);
      return null;
    } catch (ImageException e) {
      if (e.isTemporary()) {
        throw e; // it may be sound, and what is left out depends on the files alone
      }
      return e.getMessage();
    }
  }

  private void checkNoClassIsEmpty() {
    boolean[] used = new boolean[classes.size()];
    entries.forEach(entry -> used[entry.label] = true);
    for (int label = 0; label < used.length; label++) {
      if (!used[label]) {
        throw new IllegalArgumentException(
            "the class folder "
                + folders.get(label)
                + " has no usable picture; remove it or add files with one of the extensions "
                + EXTENSIONS.stream().sorted().toList()
                + found(leftOut));
      }
    }
  }

  /** How many broken files were left out. */
  public int skipped() {
    return skipped;
  }

  /**
   * What was passed over, the most frequent kind first: files whose names are not those of
   * pictures, pictures outside class folders, links that lead nowhere or back. What systems leave
   * everywhere is not told.
   */
  public List<LeftOut> leftOut() {
    return leftOut;
  }

  /** The file of a picture. */
  public Path file(int index) {
    return entries.get(index).file;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return entries.get(index).label;
  }

  @Override
  public String name(int index) {
    return entries.get(index).file.toString();
  }

  @Override
  public RgbImage get(int index) {
    return decoder.decode(entries.get(index).file);
  }

  @Override
  public <T> T get(int index, Function<? super RgbImage, T> use) {
    return decoder.decode(entries.get(index).file, use);
  }

  @Override
  public boolean exifOrientation() {
    return decoder.exifOrientation();
  }
}
