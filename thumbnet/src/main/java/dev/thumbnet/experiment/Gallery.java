package dev.thumbnet.experiment;

import dev.thumbnet.Thumbnailer;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.experiment.results.Results.GalleryEntry;
import dev.thumbnet.experiment.results.Results.Thumbnail;
import dev.thumbnet.pipeline.Preprocessing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes some pictures and their thumbnails, for people to look at. */
final class Gallery {
  private static final int PICTURES = 6;

  /**
   * Who makes thumbnails.
   *
   * @param fileName what names of files end with
   * @param caption what people read below
   * @param thumbnailer makes them
   */
  record Maker(String fileName, String caption, Thumbnailer thumbnailer) {}

  private Gallery() {}

  /**
   * Writes the first validation picture of some classes, at equal distances.
   *
   * @param data name of the set
   * @param prefix what names of files begin with
   * @param set validation pictures
   * @param shown how the networks see them
   * @param makers make a thumbnail of each
   * @param root of the experiment; pictures go into its folder {@code gallery}
   */
  static List<GalleryEntry> write(
      String data, String prefix, DataSet set, Preprocessing shown, List<Maker> makers, Path root) {
    int classes = set.classes().size();
    int count = Math.min(PICTURES, classes);
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i * classes / count;
      RgbImage picture = set.get(first(set, label));
      String name = "gallery/" + prefix + (i + 1);
      shown.crop(picture).writePng(root.resolve(name + ".png"));
      List<Thumbnail> thumbnails = new ArrayList<>();
      for (Maker maker : makers) {
        String file = name + "-" + maker.fileName() + ".png";
        maker.thumbnailer().thumbnail(picture).writePng(root.resolve(file));
        thumbnails.add(new Thumbnail(maker.caption(), file));
      }
      entries.add(new GalleryEntry(data, set.classes().get(label), name + ".png", thumbnails));
    }
    return entries;
  }

  private static int first(DataSet set, int label) {
    for (int i = 0; i < set.size(); i++) {
      if (set.label(i) == label) {
        return i;
      }
    }
    throw new IllegalArgumentException("no picture of class " + set.classes().get(label));
  }
}
