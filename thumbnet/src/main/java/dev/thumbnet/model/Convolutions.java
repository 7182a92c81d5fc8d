package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.model.Factors.Spatial;
import dev.thumbnet.model.Factors.Svd;
import dev.thumbnet.model.Factors.Tucker;
import dev.thumbnet.model.Factors.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes the convolutions of a network that are larger than 1x1, one after the other, each of what
 * the setting {@code factors} says. It is a text such as {@code svd:8,-,tucker:6x7}, with the
 * {@link Factors} of each of them in the network's order and commas between; files of networks
 * whose convolutions are all whole do not have it.
 */
final class Convolutions {
  static final String FACTORS = "factors";

  private static final String NUMBER = "([1-9][0-9]{0,8})";
  private static final Pattern SVD = Pattern.compile("svd:" + NUMBER);
  private static final Pattern SPATIAL = Pattern.compile("spatial:" + NUMBER);
  private static final Pattern TUCKER = Pattern.compile("tucker:" + NUMBER + "x" + NUMBER);

  private final Device device;
  private final List<Factors> factors;
  private final List<Module> made = new ArrayList<>();

  /** For a network that is built. */
  Convolutions(Architecture architecture, Device device) {
    this.device = device;
    this.factors = factors(architecture);
  }

  /** Returns what each is made of; nothing if all are whole. */
  private static List<Factors> factors(Architecture architecture) {
    return areWhole(architecture)
        ? List.of()
        : Arrays.stream(text(architecture).split(",", -1)).map(Convolutions::parse).toList();
  }

  private static String text(Architecture architecture) {
    return (String) architecture.own(FACTORS);
  }

  private static boolean areWhole(Architecture architecture) {
    return text(architecture).equals(Architecture.UNSAID);
  }

  private static Factors parse(String text) {
    if (text.equals("-")) {
      return new Whole();
    }
    Matcher svd = SVD.matcher(text);
    if (svd.matches()) {
      return new Svd(Integer.parseInt(svd.group(1)));
    }
    Matcher spatial = SPATIAL.matcher(text);
    if (spatial.matches()) {
      return new Spatial(Integer.parseInt(spatial.group(1)));
    }
    Matcher tucker = TUCKER.matcher(text);
    if (tucker.matches()) {
      return new Tucker(Integer.parseInt(tucker.group(1)), Integer.parseInt(tucker.group(2)));
    }
    throw new IllegalArgumentException(
        "the factors of a convolution are -, svd:8, spatial:8 or tucker:6x7, with other numbers,"
            + " but not \""
            + text
            + "\"");
  }

  /**
   * Checks that a network can have its setting, by building it without numbers.
   *
   * @throws IllegalArgumentException if not
   */
  static void check(Architecture architecture) {
    if (!areWhole(architecture)) {
      Models.classifier(architecture, Device.meta());
    }
  }

  /** Returns what people want to know of the setting, beginning with a space. */
  static String describe(Architecture architecture) {
    return areWhole(architecture) ? "" : " with factored convolutions";
  }

  /**
   * Makes the next convolution, with weights of zeros.
   *
   * @throws IllegalArgumentException if it cannot be made of its factors
   */
  Module next(int in, int out, int kernel, Conv2dOptions options, boolean bias) {
    int index = made.size();
    Module next =
        index < factors.size()
            ? factors
                .get(index)
                .module(
                    device, new Conv2d(Device.meta(), in, out, kernel, kernel, options, bias, null))
            : new Conv2d(device, in, out, kernel, kernel, options, bias, null);
    made.add(next);
    return next;
  }

  /**
   * Checks, after the last, that the setting speaks of as many as were made.
   *
   * @throws IllegalArgumentException if not
   */
  void checkAll() {
    if (!factors.isEmpty() && factors.size() != made.size()) {
      throw new IllegalArgumentException(
          "there are factors of "
              + factors.size()
              + " convolutions, but the network has "
              + made.size()
              + " that are larger than 1x1");
    }
  }

  /** Tells whether some are made of factors. */
  boolean factored() {
    return !factors.isEmpty();
  }

  /** Returns all that were made. */
  List<Module> all() {
    return List.copyOf(made);
  }
}
