package dev.thumbnet.measure;

import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What becomes of waves when a picture is shrunk. A wave of k periods across a picture of n pixels,
 * in the colour c, is
 *
 * <pre>x[i] = ½ + a c cos(2π k (i + ½) / n + φ),   a = ¼,</pre>
 *
 * the same in all rows, or in all columns. In a thumbnail of m pixels k periods are left; from k =
 * m/2 on, which is the limit of its pixels, they look like |k − m| periods, and all that is left of
 * the wave is wrong detail (aliasing). With p the thumbnail along c, its part at k periods has the
 * amplitude
 *
 * <pre>A = |2/m Σ p[j] exp(2πi k (j + ½) / m)|.</pre>
 *
 * The gain is A / a below the limit. Wrong detail is all else that varies in the thumbnail, in any
 * colour, as the amplitude √(2 V) / a of a wave of this variance V; beyond the limit all that
 * varies. Both are means over waves of two directions and two phases, edges included.
 */
public final class FrequencyResponse {
  /** The frequencies, as shares of the limit of the thumbnail's pixels. */
  public static final List<Double> SHARES = List.of(0.25, 0.5, 0.75, 1.25, 1.5, 1.75);

  private static final double AMPLITUDE = 0.25;
  private static final double[] PHASES = {0, Math.PI / 2};

  /** Directions of colours in red, green and blue. */
  public enum Colour {
    /** Light and dark. */
    GREY(1, 1, 1),
    /** Red against green, about as bright. */
    RED_GREEN(1, -1, 0),
    /** Blue against yellow. */
    BLUE_YELLOW(-0.5, -0.5, 1);

    private final double red;
    private final double green;
    private final double blue;
    private final double square;

    Colour(double red, double green, double blue) {
      this.red = red;
      this.green = green;
      this.blue = blue;
      this.square = red * red + green * green + blue * blue;
    }

    /** Its part in a channel: 0 for red, 1 for green, 2 for blue. */
    private double part(int channel) {
      return channel == 0 ? red : channel == 1 ? green : blue;
    }

    /** Returns its name in files, which never changes. */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What becomes of a wave.
   *
   * @param share of the limit of the thumbnail's pixels, one of {@link #SHARES}
   * @param periods k
   * @param gain what is left of it, 1 if all; 0 beyond the limit
   * @param wrong detail that was not there, likewise
   */
  public record Point(Colour colour, double share, int periods, double gain, double wrong) {}

  private final UnaryOperator<Tensor> downscaler;
  private final Normalize normalize;
  private final int size;
  private final Device device;

  private FrequencyResponse(
      UnaryOperator<Tensor> downscaler, Normalize normalize, int size, Device device) {
    this.downscaler = downscaler;
    this.normalize = normalize;
    this.size = size;
    this.device = device;
  }

  /**
   * Measures a downscaler.
   *
   * @param downscaler from pictures (n, size, size, 3) to thumbnails (n, side, side, 3), normalised
   * @param normalize how
   * @param size side of the pictures
   * @param side of the thumbnails
   * @return those of the frequencies that are whole numbers of periods for these sizes, each of
   *     another number, for each colour
   */
  public static List<Point> of(
      UnaryOperator<Tensor> downscaler, Normalize normalize, int size, int side, Device device) {
    FrequencyResponse response = new FrequencyResponse(downscaler, normalize, size, device);
    List<Point> points = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      for (double share : SHARES) {
        double periods = share * side / 2;
        if (periods == Math.rint(periods)) {
          points.add(response.point(colour, share, (int) periods, side));
        }
      }
    }
    return points;
  }

  private Point point(Colour colour, double share, int periods, int side) {
    int waves = 2 * PHASES.length;
    float[] pictures = new float[waves * size * size * 3];
    for (int wave = 0; wave < waves; wave++) {
      draw(colour, periods, wave, pictures);
    }
    float[] thumbnails;
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      thumbnails = downscaler.apply(Tensor.of(device, pictures, waves, size, size, 3)).toArray();
    }
    double gain = 0;
    double wrong = 0;
    for (int wave = 0; wave < waves; wave++) {
      Wave found = new Wave(colour, periods, wave < PHASES.length, side);
      found.read(thumbnails, wave * side * side * 3);
      double kept = share < 1 ? found.amplitude() : 0;
      gain += kept / AMPLITUDE / waves;
      wrong += Math.sqrt(Math.max(0, 2 * found.variance() - kept * kept)) / AMPLITUDE / waves;
    }
    return new Point(colour, share, periods, gain, wrong);
  }

  /** The first waves run along rows, the others along columns. */
  private void draw(Colour colour, int periods, int wave, float[] pictures) {
    float[] mean = normalize.mean();
    float[] std = normalize.std();
    int from = wave * size * size * 3;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int place = wave < PHASES.length ? x : y;
        double angle = 2 * Math.PI * periods * (place + 0.5) / size + PHASES[wave % PHASES.length];
        for (int c = 0; c < 3; c++) {
          double value = 0.5 + AMPLITUDE * colour.part(c) * StrictMath.cos(angle);
          pictures[from + (y * size + x) * 3 + c] = (float) ((value - mean[c]) / std[c]);
        }
      }
    }
  }

  /** A wave as it is found in a thumbnail. */
  private final class Wave {
    private final Colour colour;
    private final int periods;
    private final boolean alongRows;
    private final int side;
    private double cos;
    private double sin;
    private double squares;
    private final double[] sums = new double[3];

    Wave(Colour colour, int periods, boolean alongRows, int side) {
      this.colour = colour;
      this.periods = periods;
      this.alongRows = alongRows;
      this.side = side;
    }

    void read(float[] thumbnails, int from) {
      float[] mean = normalize.mean();
      float[] std = normalize.std();
      for (int i = 0; i < side * side; i++) {
        int place = alongRows ? i % side : i / side;
        double angle = 2 * Math.PI * periods * (place + 0.5) / side;
        double along = 0;
        for (int c = 0; c < 3; c++) {
          double value = thumbnails[from + 3 * i + c] * std[c] + mean[c] - 0.5;
          along += value * colour.part(c) / colour.square;
          sums[c] += value;
          squares += value * value;
        }
        cos += along * StrictMath.cos(angle);
        sin += along * StrictMath.sin(angle);
      }
    }

    double amplitude() {
      return 2 * Math.hypot(cos, sin) / (side * side);
    }

    /** Of all colours, as that of a wave along the colour. */
    double variance() {
      double n = side * side;
      double all = squares / n;
      for (double sum : sums) {
        all -= sum / n * (sum / n);
      }
      return all / colour.square;
    }
  }
}
