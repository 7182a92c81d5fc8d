package dev.thumbnet.method.information;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.op.Ops;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decoder begins as bicubic enlargement and puts each channel where it belongs. */
final class DecoderTest {
  private static final Device CPU = Device.cpu();

  private static Tensor thumbnails() {
    float[] values = new float[2 * 3 * 4 * 3];
    Rng rng = new Rng(2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rng.nextGaussian();
    }
    return Tensor.of(CPU, values, 2, 3, 4, 3);
  }

  @Test
  void itBeginsAsBicubicEnlargement() {
    Tensor z = thumbnails();
    Decoder decoder = new Decoder(4, CPU, new Rng(1));
    assertThat(decoder.forward(z).toArray())
        .isEqualTo(Ops.resize(z, 12, 16, Filter.BICUBIC_ANTIALIAS).toArray());
  }

  /** With weights of zero the last bias is what is added: k for channel k. */
  @Test
  void channelsAreThePixelsOfAPixel() {
    int factor = 2;
    Tensor z = thumbnails();
    Decoder decoder = new Decoder(factor, CPU, new Rng(1));
    Conv2d last =
        decoder.modules().stream()
            .filter(Conv2d.class::isInstance)
            .map(Conv2d.class::cast)
            .reduce((_, later) -> later)
            .orElseThrow();
    double[] numbers = new double[3 * factor * factor];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = k;
    }
    decoder.namedParameters().values().stream()
        .filter(parameter -> parameter.tensor().size() == numbers.length)
        .filter(parameter -> parameter != last.weight())
        .findFirst()
        .orElseThrow()
        .tensor()
        .copyFrom(numbers);
    float[] added =
        Ops.sub(decoder.forward(z), Ops.resize(z, 6, 8, Filter.BICUBIC_ANTIALIAS)).toArray();
    for (int i = 0; i < added.length; i++) {
      int c = i % 3;
      int x = i / 3 % 8;
      int y = i / (3 * 8) % 6;
      assertThat(added[i]).isCloseTo((y % 2 * 2 + x % 2) * 3 + c, within(1e-5f));
    }
  }

  /** Labels of four classes, so many of each. */
  private record Labels(List<Integer> counts) implements DataSet {
    @Override
    public int size() {
      return counts.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b", "c", "d");
    }

    @Override
    public int label(int index) {
      int label = 0;
      int end = counts.getFirst();
      while (index >= end) {
        label++;
        end += counts.get(label);
      }
      return label;
    }

    @Override
    public String name(int index) {
      return "picture " + index;
    }

    @Override
    public RgbImage get(int index) {
      throw new AssertionError("nobody needs it");
    }
  }

  @Test
  void theEntropyIsThatOfTheLabels() {
    assertThat(Information.entropy(new Labels(List.of(3, 3, 3, 3)))).isCloseTo(2, within(1e-12));
    assertThat(Information.entropy(new Labels(List.of(4, 2, 2, 0)))).isCloseTo(1.5, within(1e-12));
    assertThat(Information.entropy(new Labels(List.of(5, 0, 0, 0)))).isZero();
  }
}
