package dev.thumbnet.model.layer;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The lowest coefficients of the orthonormal two-dimensional DCT-II of each colour in patches of s
 * x s pixels, as JPEG has them in patches of 8 x 8. From pictures (n, h, w, 3) to (n, h/s, w/s, 3
 * k) with k = min(8, s²); channel c · k + j has coefficient j of colour c. Coefficients (u, v),
 * along height and width, are in the order of u² + v², then of u:
 *
 * <pre>
 * X(u, v) = a(u) a(v) Σ x(i, j) cos(π (2 i + 1) u / 2 s) cos(π (2 j + 1) v / 2 s)
 * a(0) = √(1/s),   a(u) = √(2/s)
 * </pre>
 *
 * Nothing is learnt. The first coefficient is s times the mean of the patch.
 */
public final class DctFront extends Module {
  private static final int COLOURS = 3;
  private static final int MOST = 8;

  private final Conv2dOptions options;
  private final Tensor basis;

  /** A pair of frequencies. */
  private record Frequency(int u, int v) {
    int square() {
      return u * u + v * v;
    }
  }

  /**
   * Makes the layer.
   *
   * @param side s
   */
  public DctFront(int side, Device device) {
    this.options = Conv2dOptions.of(side, 0).withGroups(COLOURS);
    int channels = channels(side);
    this.basis = buffer("basis", Tensor.of(device, basis(side), side, side, 1, channels));
    freeze();
  }

  /** Returns the number of channels for patches of a side. */
  public static int channels(int side) {
    return COLOURS * coefficients(side);
  }

  /** Returns how many coefficients of each colour there are for patches of a side. */
  public static int coefficients(int side) {
    return Math.min(MOST, side * side);
  }

  private static double[] basis(int side) {
    List<Frequency> all = new ArrayList<>();
    for (int u = 0; u < side; u++) {
      for (int v = 0; v < side; v++) {
        all.add(new Frequency(u, v));
      }
    }
    all.sort(Comparator.comparingInt(Frequency::square));
    int kept = coefficients(side);
    double[] basis = new double[side * side * COLOURS * kept];
    for (int pixel = 0; pixel < side * side; pixel++) {
      for (int c = 0; c < COLOURS; c++) {
        for (int j = 0; j < kept; j++) {
          Frequency f = all.get(j);
          basis[(pixel * COLOURS + c) * kept + j] =
              wave(f.u, pixel / side, side) * wave(f.v, pixel % side, side);
        }
      }
    }
    return basis;
  }

  private static double wave(int frequency, int place, int side) {
    double scale = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / side);
    return scale * Math.cos(Math.PI * (2 * place + 1) * frequency / (2.0 * side));
  }

  @Override
  public Tensor forward(Tensor x) {
    return Ops.conv2d(x, basis, null, options);
  }
}
