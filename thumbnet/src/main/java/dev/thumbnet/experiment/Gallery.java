package dev.thumbnet.experiment;

import dev.thumbnet.Thumbnailer;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.experiment.Results.GalleryEntry;
import dev.thumbnet.experiment.Results.Thumbnail;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.TrainedDownscaler;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes some pictures and their thumbnails, for people to look at. */
final class Gallery {
  private static final int PICTURES = 6;

  /** Who makes thumbnails. */
  record Maker(Method method, Reduction reduction, TrainedModel model) {}

  private Gallery() {}

  /**
   * Writes the first validation picture of some classes, at equal distances.
   *
   * @param root of the experiment; pictures go into its folder {@code gallery}
   */
  static List<GalleryEntry> write(DataSet set, List<Maker> makers, Path root) {
    int classes = set.classes().size();
    int count = Math.min(PICTURES, classes);
    List<Thumbnailer> thumbnailers =
        makers.stream().map(m -> new Thumbnailer(TrainedDownscaler.of(m.model()))).toList();
    List<GalleryEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = i * classes / count;
      RgbImage original = set.get(first(set, label));
      RgbImage picture = makers.getFirst().model().preprocessing().crop(original);
      String name = "gallery/" + (i + 1);
      picture.writePng(root.resolve(name + ".png"));
      List<Thumbnail> thumbnails = new ArrayList<>();
      for (int j = 0; j < makers.size(); j++) {
        Maker maker = makers.get(j);
        String file = name + "-" + maker.method().key() + "-" + maker.reduction().area() + ".png";
        thumbnailers.get(j).thumbnail(original).writePng(root.resolve(file));
        thumbnails.add(new Thumbnail(maker.method().key(), maker.reduction(), file));
      }
      entries.add(new GalleryEntry(set.classes().get(label), name + ".png", thumbnails));
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
