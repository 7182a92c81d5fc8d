package dev.thumbnet.method.information;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.transform.Normalize;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.measure.Evaluation;
import dev.thumbnet.measure.Evaluator;
import dev.thumbnet.measure.FrequencyResponse;
import dev.thumbnet.measure.FrequencyResponse.Colour;
import dev.thumbnet.measure.StoredThumbnails;
import dev.thumbnet.pipeline.TrainedModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is left of pictures in thumbnails, in numbers, all on the validation pictures.
 *
 * <ul>
 *   <li>{@link #BITS}: what thumbnails tell of the class, at least. With H the entropy of the
 *       labels and CE the probe's cross entropy, both in bits, the mutual information of class and
 *       thumbnail is at least H − CE (Barber and Agakov 2003), on average over pictures like these.
 *       Of as many pictures of each class H is log₂ of their number. Below 0 the probe knows less
 *       than how frequent classes are.
 *   <li>{@link #PSNR}: how well the decoder guesses pictures, 10 log₁₀ (1 / MSE) in decibels, with
 *       the mean square error over all pictures, pixels and colours from 0 to 1.
 *   <li>{@link #PNG_BYTES}, {@link #JPEG_BYTES}: a thumbnail's file, in the mean; {@link
 *       #JPEG_ACC}: the probe's accuracy with JPEG files. That with PNG files is the one with 8
 *       bits.
 *   <li>{@link #gain} and {@link #wrong}: what becomes of waves, see {@link FrequencyResponse}.
 * </ul>
 */
public final class Information {
  /** Name of the bits about the class. */
  public static final String BITS = "bits";

  /** Name of the decoder's peak signal-to-noise ratio in decibels. */
  public static final String PSNR = "psnr";

  /** Name of the bytes of a PNG file. */
  public static final String PNG_BYTES = "pngBytes";

  /** Name of the bytes of a JPEG file. */
  public static final String JPEG_BYTES = "jpegBytes";

  /** Name of the accuracy with thumbnails from JPEG files, in percent. */
  public static final String JPEG_ACC = "jpegAcc1";

  private Information() {}

  /** Name of the gain of a frequency, a share of the limit of the thumbnail's pixels. */
  public static String gain(Colour colour, double share) {
    return "gain." + colour.key() + "." + share;
  }

  /** Name of the wrong detail that a frequency gives. */
  public static String wrong(Colour colour, double share) {
    return "wrong." + colour.key() + "." + share;
  }

  static Map<String, Double> of(
      TrainedModel model, Decoder decoder, DataSet pictures, Evaluator evaluator) {
    Errors errors = new Errors(model.preprocessing().normalize());
    Evaluation found =
        evaluator.evaluate(
            x -> {
              Tensor z = model.thumbnails(x);
              errors.add(x, decoder.forward(z));
              return model.classify(z);
            });
    StoredThumbnails stored = StoredThumbnails.of(model, evaluator);
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put(BITS, entropy(pictures) - found.metrics().loss() / Math.log(2));
    numbers.put(PSNR, errors.psnr());
    numbers.put(PNG_BYTES, stored.pngBytes());
    numbers.put(JPEG_BYTES, stored.jpegBytes());
    numbers.put(JPEG_ACC, stored.jpeg().metrics().top1());
    FrequencyResponse.of(
            model::thumbnails,
            model.preprocessing().normalize(),
            model.preprocessing().size(),
            model.inputSize(),
            model.device())
        .forEach(
            point -> {
              if (point.share() < 1) {
                numbers.put(gain(point.colour(), point.share()), point.gain());
              }
              numbers.put(wrong(point.colour(), point.share()), point.wrong());
            });
    return numbers;
  }

  /** Of the labels, in bits. */
  static double entropy(DataSet pictures) {
    int[] counts = new int[pictures.classes().size()];
    for (int i = 0; i < pictures.size(); i++) {
      counts[pictures.label(i)]++;
    }
    double bits = 0;
    for (int count : counts) {
      double share = count / (double) pictures.size();
      bits -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
    }
    return bits;
  }

  /** Squares of errors in colours from 0 to 1, to which guesses are limited. */
  private static final class Errors {
    private static final double LEAST = 1e-12;

    private final float[] mean;
    private final float[] std;
    private double squares;
    private long count;

    Errors(Normalize normalize) {
      mean = normalize.mean();
      std = normalize.std();
    }

    void add(Tensor pictures, Tensor guesses) {
      float[] x = pictures.toArray();
      float[] y = guesses.toArray();
      for (int i = 0; i < x.length; i++) {
        int c = i % 3;
        double guess = Math.clamp((double) y[i] * std[c] + mean[c], 0, 1);
        double error = guess - (x[i] * std[c] + mean[c]);
        squares += error * error;
      }
      count += x.length;
    }

    /** At most 120, where errors are those of floats. */
    double psnr() {
      return 10 * Math.log10(count / Math.max(squares, LEAST * count));
    }
  }
}
