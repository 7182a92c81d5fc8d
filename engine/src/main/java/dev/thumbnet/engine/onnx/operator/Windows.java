package dev.thumbnet.engine.onnx.operator;

import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.onnx.value.Value;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Values;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.op.PoolOptions;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Convolution and pooling. A signal, of rank 3, is a picture of one row. */
final class Windows {
  /** The order in which the engine has (out, in, rows, columns). */
  private static final int[] WEIGHT = {2, 3, 1, 0};

  private static final int ROWS = 2;

  /** The longest side that is pooled; each window is looked at once. */
  private static final int LONGEST = 1 << 18;

  private Windows() {}

  static void addTo(Map<String, Translator> table) {
    table.put("Conv", Translator.of(Windows::convolution));
    table.put("ConvTranspose", Translator.of(Windows::transposedConvolution));
    table.put("MaxPool", Translator.of(call -> pooling(call, Windows::maximum)));
    table.put("AveragePool", Translator.of(Windows::averagePool));
  }

  /** Returns the extents of an input beyond pictures and channels. */
  private static int[] pixels(int... dims) {
    Call.require(
        dims.length == 3 || dims.length == 4,
        "it takes pictures or signals, of rank 4 or 3, not " + dims.length);
    return Arrays.copyOfRange(dims, 2, dims.length);
  }

  private static Value convolution(Call call) {
    int[] picture = pixels(call.value(0).dims());
    Value weight = call.value(1);
    int[] kernel = pixels(weight.dims());
    Call.require(kernel.length == picture.length, "its weight is of another rank");
    boolean signal = picture.length == 1;
    Window window = Window.of(call, kernel, picture);
    int filters = weight.dims()[0];
    Tensor bias = call.has(2) ? call.vector(2, Role.BIAS, filters) : null;
    int groups = call.whole("group", 1);
    Value x = signal ? Views.unsqueezed(call.value(0), ROWS) : call.value(0);
    Value w = signal ? Views.unsqueezed(weight, ROWS) : weight;
    Tensor y =
        Ops.conv2d(
            call.picture(x),
            call.tensor(w, Role.WEIGHT, WEIGHT),
            bias,
            options(signal ? window.ofSignal() : window, groups));
    return result(y, x, signal);
  }

  /** The weight is that of the convolution whose gradient this is, out and in changed places. */
  private static Value transposedConvolution(Call call) {
    int[] picture = pixels(call.value(0).dims());
    Value weight = call.value(1);
    int[] kernel = pixels(weight.dims());
    Call.require(kernel.length == 2 && picture.length == 2, "it enlarges pictures only, of rank 4");
    Call.require(
        !call.hasAttribute("output_shape") && call.text("auto_pad", "NOTSET").equals("NOTSET"),
        "its padding is not given as pads");
    Window window = Window.of(call, kernel, picture);
    int groups = call.whole("group", 1);
    Conv2dOptions options = options(window, groups);
    int filters = Math.multiplyExact(weight.dims()[1], groups);
    Tensor bias = call.has(2) ? call.vector(2, Role.BIAS, filters) : null;
    int[] more = call.wholes("output_padding");
    Call.require(more == null || more.length == 2, "output_padding must be 2 numbers");
    Tensor y =
        Ops.convTranspose2d(
            call.picture(call.value(0)),
            call.tensor(weight, Role.WEIGHT, WEIGHT),
            bias,
            options,
            more == null ? 0 : more[0],
            more == null ? 0 : more[1]);
    return result(y, call.value(0), false);
  }

  private static Conv2dOptions options(Window w, int groups) {
    Call.require(groups > 0, "it has " + groups + " groups");
    int[] strides = w.strides();
    int[] dilations = w.dilations();
    return new Conv2dOptions(
        strides[0], strides[1], w.padding(), dilations[0], dilations[1], groups);
  }

  private static Value result(Tensor y, Value x, boolean signal) {
    Live picture = Call.picture(y, Values.arrangement(x));
    return signal ? Views.squeezed(picture, ROWS) : picture;
  }

  // ---------------------------------------------------------------- pooling

  /** Makes one number of each window. */
  private interface Pool {
    Tensor apply(Tensor x, Window window);
  }

  private static Value pooling(Call call, Pool pool) {
    int[] picture = pixels(call.value(0).dims());
    int[] kernel = call.wholes("kernel_shape");
    Call.require(
        kernel != null && kernel.length == picture.length, "its kernel_shape is not of its rank");
    boolean signal = picture.length == 1;
    Call.require(
        Arrays.stream(picture).allMatch(side -> side <= LONGEST), "it pools too large a picture");
    Window window = Window.of(call, Objects.requireNonNull(kernel), picture);
    Call.require(Arrays.stream(kernel).allMatch(k -> k > 0), "its window is empty");
    call.ignore("storage_order");
    Value x = signal ? Views.unsqueezed(call.value(0), ROWS) : call.value(0);
    Tensor y = pool.apply(call.picture(x), signal ? window.ofSignal() : window);
    return result(y, x, signal);
  }

  private static Value averagePool(Call call) {
    boolean countPad = call.whole("count_include_pad", 0) != 0;
    return pooling(call, (x, window) -> average(x, window, countPad));
  }

  private static Tensor maximum(Tensor x, Window w) {
    return Ops.maxPool2d(x, options(w));
  }

  private static Tensor average(Tensor x, Window w, boolean countPad) {
    return Ops.avgPool2d(x, options(w), countPad);
  }

  private static PoolOptions options(Window w) {
    int[] kernel = w.kernel();
    int[] strides = w.strides();
    int[] dilations = w.dilations();
    return new PoolOptions(
        kernel[0],
        kernel[1],
        strides[0],
        strides[1],
        w.padding(),
        dilations[0],
        dilations[1],
        w.ceil());
  }
}
