package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.op.Ops;
import java.util.Map;
import java.util.Objects;

/** Pictures of another size. */
final class Resampling {
  /** The largest height and width that is made. */
  private static final int LARGEST = 1 << 16;

  private static final double CLOSE = 1e-6;

  private Resampling() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Resize", Translator.of(Resampling::resize));
    table.put("Upsample", Translator.of(Resampling::upsample));
  }

  private static Value upsample(Call call) {
    double[] scales = call.opset() < 9 ? call.reals("scales") : call.numbers(1);
    Call.require(scales != null, "its scales are missing");
    String mode = call.text("mode", "nearest");
    Call.require(mode.equals("nearest"), "mode " + mode + " counts from corners");
    return scaled(call, Objects.requireNonNull(scales), Filter.NEAREST);
  }

  private static Value resize(Call call) {
    call.ignore("cubic_coeff_a", "extrapolation_value", "exclude_outside");
    Call.require(
        call.whole("antialias", 0) == 0, "it smoothes pictures before making them smaller");
    Call.require(!call.hasAttribute("axes"), "it resizes some axes only");
    Call.require(
        call.text("keep_aspect_ratio_policy", "stretch").equals("stretch"),
        "it keeps the aspect ratio");
    int first = call.opset() < 11 ? 1 : 2; // before, there was no region
    Filter filter = filter(call);
    boolean bySize = call.has(3);
    if (!bySize) {
      return scaled(call, call.numbers(first), filter);
    }
    int[] sizes = call.wholes(3);
    int[] dims = call.value(0).dims();
    Call.require(sizes.length == 4 && dims.length == 4, "it resizes no pictures, of rank 4");
    Call.require(
        sizes[1] == dims[1] && (sizes[0] == dims[0] || sizes[0] == call.run().pictures()),
        "it resizes along channels or pictures");
    return resized(call, sizes[2], sizes[3], filter);
  }

  private static Filter filter(Call call) {
    String mode = call.text("mode", "nearest");
    String asymmetric = "asymmetric";
    String coordinates =
        call.text("coordinate_transformation_mode", call.opset() < 11 ? asymmetric : "half_pixel");
    String rounding = call.text("nearest_mode", call.opset() < 11 ? "floor" : "round_prefer_floor");
    if (mode.equals("linear")) {
      Call.require(
          coordinates.equals("half_pixel") || coordinates.equals("pytorch_half_pixel"),
          "coordinates are " + coordinates + ", not half_pixel");
      return Filter.BILINEAR;
    }
    Call.require(mode.equals("nearest"), "mode " + mode + " is not nearest or linear");
    boolean plain = coordinates.equals(asymmetric) && rounding.equals("floor");
    boolean centred = coordinates.endsWith("half_pixel") && rounding.startsWith("round_prefer");
    Call.require(
        plain || centred, "it takes the nearest pixel by " + coordinates + " and " + rounding);
    // Where each pixel becomes as many as any other, both take the same.
    int[] dims = call.value(0).dims();
    Call.require(plain || dims.length == 4 && isWhole(call, dims), "its scale is not whole");
    return Filter.NEAREST;
  }

  private static boolean isWhole(Call call, int... dims) {
    if (call.has(3)) {
      int[] sizes = call.wholes(3);
      return sizes.length == 4 && sizes[2] % dims[2] == 0 && sizes[3] % dims[3] == 0;
    }
    double[] scales = call.numbers(call.opset() < 11 ? 1 : 2);
    return scales.length == 4 && scales[2] % 1 == 0 && scales[3] % 1 == 0;
  }

  private static Value scaled(Call call, double[] scales, Filter filter) {
    int[] dims = call.value(0).dims();
    Call.require(scales.length == 4 && dims.length == 4, "it resizes no pictures, of rank 4");
    Call.require(scales[0] == 1 && scales[1] == 1, "it resizes along channels or pictures");
    double h = Math.floor(dims[2] * scales[2]);
    double w = Math.floor(dims[3] * scales[3]);
    Call.require(
        Math.abs(h / dims[2] - scales[2]) < CLOSE * scales[2]
            && Math.abs(w / dims[3] - scales[3]) < CLOSE * scales[3],
        "its scales make a part of a pixel");
    return resized(call, (int) h, (int) w, filter);
  }

  private static Value resized(Call call, int h, int w, Filter filter) {
    Call.require(h > 0 && w > 0 && h <= LARGEST && w <= LARGEST, "it makes " + h + " x " + w);
    Tensor y = Ops.resize(call.picture(call.value(0)), h, w, filter);
    return Call.picture(y, call.arrangement(0));
  }
}
