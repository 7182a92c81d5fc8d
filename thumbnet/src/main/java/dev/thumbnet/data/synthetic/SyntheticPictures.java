package dev.thumbnet.data.synthetic;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.RandomCrop;
import dev.thumbnet.data.transform.RandomHorizontalFlip;
import dev.thumbnet.engine.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Labelled pictures made by code, for trying things out without any data: as many as wanted, in any
 * size, from a seed. Half of the twelve classes are coarse scenes; the other half are pairs that
 * differ in nothing but detail finer than the pixels of a thumbnail.
 *
 * <ul>
 *   <li>{@code hills}: ranges of hills behind each other, a sun or moon, sometimes firs
 *   <li>{@code city}: rows of houses with windows above a street
 *   <li>{@code sea}: water up to a level horizon, waves and glints, often sails
 *   <li>{@code forest}: trunks in mist with leaves above
 *   <li>{@code clouds}: sky and clouds, sometimes birds
 *   <li>{@code face}: a head with hair, eyes and mouth
 *   <li>{@code cloth-warp} and {@code cloth-weft}: folded cloth with broad stripes; its fine
 *       threads run down or across
 *   <li>{@code net-rows} and {@code net-offset}: a fine net in front of large spots; its openings
 *       stand below each other or in between
 *   <li>{@code fruit-upright} and {@code fruit-level}: large fruits on a table, finely hatched down
 *       or across
 * </ul>
 *
 * <p>The fine patterns have periods of 2.1 to 2.35 pixels, whatever the size of the picture. Twins
 * drawn from the same numbers differ by 4 to 35 levels of 255 (root mean square); shrunk to half
 * the side by antialiased bicubic they differ by one level, which is little more than rounding. So
 * a network that sees bicubic thumbnails cannot tell the members of a pair apart and reaches 75 %
 * at best; one that sees the full picture can, and so can one whose learned downscaler lets the
 * pattern through as an alias. By design this is a set on which bicubic loses: it shows the
 * mechanism, not how large the effect is on photographs. Resampling the pictures destroys the
 * patterns; shift and mirror them instead ({@link RandomCrop}, {@link RandomHorizontalFlip}).
 *
 * <p>Colours, places, sizes, light and noise vary widely and are drawn alike for all classes.
 * Pictures are drawn anew at each {@link #get} (a millisecond or two at 128 pixels) in arithmetic
 * that gives the same bytes on every machine. Immutable and thread-safe.
 */
public final class SyntheticPictures implements DataSet {
  /** Smallest side in pixels; the scenes need some room. */
  public static final int MIN_SIDE = 16;

  private static final int TRAIN = 0;
  private static final int VAL = 1;
  private static final int SHEET = 2;

  @FunctionalInterface
  private interface Painter {
    void paint(Canvas canvas, Rng rng);
  }

  private record Scene(String name, Painter painter) {}

  private static final List<Scene> SCENES =
      List.of(
          new Scene("hills", Landscapes::hills),
          new Scene("city", Landscapes::city),
          new Scene("sea", Landscapes::sea),
          new Scene("forest", Landscapes::forest),
          new Scene("clouds", Landscapes::clouds),
          new Scene("face", Landscapes::face),
          new Scene("cloth-warp", FineTextures::warp),
          new Scene("cloth-weft", FineTextures::weft),
          new Scene("net-rows", FineTextures::rows),
          new Scene("net-offset", FineTextures::offset),
          new Scene("fruit-upright", FineTextures::upright),
          new Scene("fruit-level", FineTextures::level));

  private static final List<String> CLASSES = SCENES.stream().map(Scene::name).toList();

  private final String title;
  private final Rng rng;
  private final int side;
  private final int perClass;

  private SyntheticPictures(String title, int split, int side, int perClass, long seed) {
    if (side < MIN_SIDE || perClass < 1 || perClass > Integer.MAX_VALUE / SCENES.size()) {
      throw new IllegalArgumentException(
          "needs a side of at least "
              + MIN_SIDE
              + " and at least one picture per class, got "
              + side
              + " and "
              + perClass);
    }
    this.title = title;
    this.rng = new Rng(seed).split(split);
    this.side = side;
    this.perClass = perClass;
  }

  /**
   * Pictures for training.
   *
   * @param side width and height in pixels, at least {@link #MIN_SIDE}
   * @param perClass number of pictures of each class
   * @param seed decides all of them; a larger set begins, class by class, with those of a smaller
   *     one
   */
  public static SyntheticPictures train(int side, int perClass, long seed) {
    return new SyntheticPictures("train", TRAIN, side, perClass, seed);
  }

  /**
   * Pictures for validation: none of them is among the training pictures of any size of set.
   *
   * @param side width and height in pixels, at least {@link #MIN_SIDE}
   * @param perClass number of pictures of each class
   * @param seed the same as for training, or another
   */
  public static SyntheticPictures val(int side, int perClass, long seed) {
    return new SyntheticPictures("val", VAL, side, perClass, seed);
  }

  @Override
  public int size() {
    return SCENES.size() * perClass;
  }

  @Override
  public List<String> classes() {
    return CLASSES;
  }

  @Override
  public int label(int index) {
    return Objects.checkIndex(index, size()) / perClass;
  }

  @Override
  public String name(int index) {
    return "synthetic/" + title + "/" + CLASSES.get(label(index)) + "/" + index % perClass;
  }

  @Override
  public RgbImage get(int index) {
    int label = label(index);
    return draw(label, side, rng.split(label).split(index % perClass));
  }

  /** Draws a picture; its light, haze and noise come from streams of their own. */
  static RgbImage draw(int label, int side, Rng rng) {
    Canvas canvas = new Canvas(side);
    SCENES.get(label).painter.paint(canvas, rng.split(0));
    Rng finish = rng.split(1);
    double gain = Palette.between(finish, 0.8, 1);
    double slopeX = Palette.between(finish, -0.2, 0.2) / side;
    double slopeY = Palette.between(finish, -0.2, 0.2) / side;
    // At most 1 anywhere, so that light clips nothing.
    double level = gain - side / 2.0 * (Math.abs(slopeX) + Math.abs(slopeY));
    double middle = side / 2.0;
    canvas.light((x, y) -> level + (x - middle) * slopeX + (y - middle) * slopeY);
    canvas.veil(Palette.any(finish), (float) Palette.between(finish, 0, 0.45));
    canvas.grain(new SmoothNoise(finish.nextLong()), Palette.between(finish, 2, 8));
    return canvas.toImage();
  }

  /**
   * One picture that shows them all: a row for each class.
   *
   * @param side width and height of each picture, at least {@link #MIN_SIDE}
   * @param columns pictures per class
   * @param seed decides what is shown; these are no training or validation pictures
   */
  public static RgbImage contactSheet(int side, int columns, long seed) {
    SyntheticPictures set = new SyntheticPictures("sheet", SHEET, side, columns, seed);
    int gap = 2;
    int width = columns * (side + gap) + gap;
    int height = SCENES.size() * (side + gap) + gap;
    byte[] sheet = new byte[3 * width * height];
    Arrays.fill(sheet, (byte) 255);
    for (int i = 0; i < set.size(); i++) {
      byte[] picture = set.get(i).data();
      int x = gap + i % columns * (side + gap);
      int y = gap + i / columns * (side + gap);
      for (int row = 0; row < side; row++) {
        System.arraycopy(picture, 3 * row * side, sheet, 3 * ((y + row) * width + x), 3 * side);
      }
    }
    return new RgbImage(width, height, sheet);
  }
}
