package dev.thumbnet.data.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ResampleFilter;
import dev.thumbnet.data.image.Resampler;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Rng;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drawn pictures repeat, differ where they should, and need full size to be told apart. */
class SyntheticPicturesTest {
  private static final int SIDE = 128;

  /** Where the classes begin that come in pairs. */
  private static final int FIRST_PAIR = 6;

  /** Draws the contact sheet of the documentation; the argument is the file to write. */
  public static void main(String[] args) {
    sheet().writePng(Path.of(args[0]));
  }

  private static RgbImage sheet() {
    return SyntheticPictures.contactSheet(64, 4, 1);
  }

  @Test
  void the_sheet_in_the_documentation_is_what_is_drawn_today() {
    assertThat(new ImageDecoder().decode(Path.of("docs/synthetic.png")))
        .as("docs/synthetic.png; main of this class writes it anew")
        .isEqualTo(sheet());
  }

  @Test
  void classes_labels_and_names_follow_each_other() {
    DataSet set = SyntheticPictures.train(32, 3, 1);
    assertThat(set.classes()).hasSize(12).doesNotHaveDuplicates().contains("hills", "net-rows");
    assertThat(set.size()).isEqualTo(36);
    assertThat(IntStream.range(0, 36)).allMatch(i -> set.label(i) == i / 3);
    assertThat(set.name(4)).isEqualTo("synthetic/train/city/1");
    assertThatThrownBy(() -> set.get(36)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void pictures_repeat_whoever_asks_and_in_whatever_order() {
    DataSet set = SyntheticPictures.train(32, 2, 7);
    DataSet again = SyntheticPictures.train(32, 2, 7);
    List<RgbImage> pictures = IntStream.range(0, 24).mapToObj(set::get).toList();
    IntStream.range(0, 24)
        .parallel()
        .forEach(i -> assertThat(again.get(23 - i)).isEqualTo(pictures.get(23 - i)));
    assertThat(SyntheticPictures.train(32, 2, 8).get(0)).isNotEqualTo(pictures.get(0));
  }

  @Test
  void a_larger_set_begins_with_a_smaller_one() {
    DataSet small = SyntheticPictures.val(32, 2, 7);
    DataSet large = SyntheticPictures.val(32, 5, 7);
    for (int i = 0; i < small.size(); i++) {
      assertThat(large.get(5 * small.label(i) + i % 2)).isEqualTo(small.get(i));
    }
  }

  @Test
  void no_picture_occurs_twice_in_training_and_validation() {
    Set<RgbImage> seen = new HashSet<>();
    for (DataSet set :
        List.of(SyntheticPictures.train(32, 20, 3), SyntheticPictures.val(32, 20, 3))) {
      IntStream.range(0, set.size()).forEach(i -> assertThat(seen.add(set.get(i))).isTrue());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 33, 224})
  void any_size_can_be_drawn(int side) {
    DataSet set = SyntheticPictures.train(side, 1, 5);
    for (int i = 0; i < set.size(); i++) {
      RgbImage image = set.get(i);
      assertThat(image.width()).isEqualTo(side);
      assertThat(image.height()).isEqualTo(side);
      assertThat(rmsDifference(image, image.flipHorizontal())).as(set.name(i)).isGreaterThan(3);
    }
  }

  @Test
  void nonsense_is_refused() {
    assertThatThrownBy(() -> SyntheticPictures.train(15, 1, 1))
        .hasMessageContaining("got 15 and 1");
    assertThatThrownBy(() -> SyntheticPictures.train(32, 0, 1)).hasMessageContaining("0");
  }

  /** Twins are drawn from the same numbers and differ in nothing but the pattern. */
  @ParameterizedTest
  @ValueSource(ints = {6, 8, 10})
  void twins_differ_at_full_size_and_not_as_bicubic_thumbnails(int label) {
    for (int seed = 0; seed < 10; seed++) {
      RgbImage one = SyntheticPictures.draw(label, SIDE, new Rng(seed));
      RgbImage other = SyntheticPictures.draw(label + 1, SIDE, new Rng(seed));
      // In levels of 255; two pictures that are rounded to whole levels already differ by 0.4.
      assertThat(rmsDifference(one, other)).isGreaterThan(4);
      assertThat(rmsDifference(thumbnail(one, 2), thumbnail(other, 2))).isLessThan(1.2);
      assertThat(rmsDifference(thumbnail(one, 4), thumbnail(other, 4))).isLessThan(0.8);
    }
  }

  private static RgbImage thumbnail(RgbImage image, int ratio) {
    int side = image.width() / ratio;
    return Resampler.resize(image, side, side, ResampleFilter.BICUBIC);
  }

  private static double rmsDifference(RgbImage a, RgbImage b) {
    double sum = 0;
    for (int i = 0; i < a.data().length; i++) {
      double d = (a.data()[i] & 0xFF) - (b.data()[i] & 0xFF);
      sum += d * d;
    }
    return Math.sqrt(sum / a.data().length);
  }

  @Test
  void directions_of_change_tell_the_pairs_apart_at_full_size_only() {
    DataSet set = SyntheticPictures.train(SIDE, 30, 11);
    for (int label = FIRST_PAIR; label < 12; label += 2) {
      assertThat(accuracy(set, label, 1)).isEqualTo(1);
      assertThat(accuracy(set, label, 2)).isCloseTo(0.5, within(0.15));
      assertThat(accuracy(set, label, 4)).isCloseTo(0.5, within(0.15));
    }
  }

  /** How often a threshold in the middle between two classes' means of a feature is right. */
  private static double accuracy(DataSet set, int label, int ratio) {
    int n = set.size() / set.classes().size();
    double[][] features = new double[2][n];
    double threshold = 0;
    double[] mean = new double[2];
    for (int c = 0; c < 2; c++) {
      for (int i = 0; i < n; i++) {
        features[c][i] = direction(thumbnail(set.get((label + c) * n + i), ratio), label == 8);
        mean[c] += features[c][i] / n;
      }
      threshold += mean[c] / 2;
    }
    int right = 0;
    for (int c = 0; c < 2; c++) {
      for (double feature : features[c]) {
        right += (feature > threshold) == (mean[c] > mean[1 - c]) ? 1 : 0;
      }
    }
    return right / (2.0 * n);
  }

  /** Change across against change down; for nets, diagonal change against both. */
  private static double direction(RgbImage image, boolean net) {
    double across = 0;
    double down = 0;
    double diagonal = 0;
    for (int y = 0; y + 1 < image.height(); y++) {
      for (int x = 0; x + 1 < image.width(); x++) {
        int here = gray(image, x, y);
        int right = gray(image, x + 1, y);
        int below = gray(image, x, y + 1);
        across += Math.abs(right - here);
        down += Math.abs(below - here);
        diagonal += Math.abs(here - right - below + gray(image, x + 1, y + 1));
      }
    }
    return net ? Math.log(diagonal / (across + down)) : Math.log(across / down);
  }

  private static int gray(RgbImage image, int x, int y) {
    int rgb = image.rgb(x, y);
    return (rgb >> 16) + (rgb >> 8 & 0xFF) + (rgb & 0xFF);
  }

  @Test
  void colours_and_rough_layout_give_little_away() {
    DataSet train = SyntheticPictures.train(64, 40, 2);
    DataSet val = SyntheticPictures.val(64, 20, 2);
    float[][] centres = new float[12][8 * 8 * 3];
    for (int i = 0; i < train.size(); i++) {
      float[] tiny = tiny(train.get(i));
      for (int k = 0; k < tiny.length; k++) {
        centres[train.label(i)][k] += tiny[k] / 40;
      }
    }
    int right = 0;
    int rightInPair = 0;
    for (int i = 0; i < val.size(); i++) {
      float[] tiny = tiny(val.get(i));
      int label = val.label(i);
      right += nearest(tiny, centres, 0, 12) == label ? 1 : 0;
      if (label >= FIRST_PAIR) {
        int pair = label / 2 * 2;
        rightInPair += nearest(tiny, centres, pair, pair + 2) == label ? 1 : 0;
      }
    }
    assertThat(right / (double) val.size()).isLessThan(0.4);
    assertThat(rightInPair / 120.0).isCloseTo(0.5, within(0.12));
  }

  private static float[] tiny(RgbImage image) {
    RgbImage small = Resampler.resize(image, 8, 8, ResampleFilter.BICUBIC);
    return new Normalize(new float[3], new float[] {1, 1, 1}).apply(small);
  }

  private static int nearest(float[] point, float[][] centres, int from, int to) {
    int best = from;
    double least = Double.MAX_VALUE;
    for (int c = from; c < to; c++) {
      double distance = 0;
      for (int k = 0; k < point.length; k++) {
        distance += (point[k] - centres[c][k]) * (point[k] - centres[c][k]);
      }
      if (distance < least) {
        least = distance;
        best = c;
      }
    }
    return best;
  }
}
