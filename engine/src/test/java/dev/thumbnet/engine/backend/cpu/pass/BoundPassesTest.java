package dev.thumbnet.engine.backend.cpu.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.thumbnet.engine.backend.Passes;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.cpu.CpuBackend;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.problem.AxisProblem;
import dev.thumbnet.engine.backend.problem.BatchNormProblem;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.Indices;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.testing.Numbers;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A bound pass does what the call does, again and again, and allocates nothing. With scalar
 * kernels, because vectors are objects as long as the JIT has not compiled what uses them.
 */
class BoundPassesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int N = 3;
  private static final int SIDE = 20; // more than one block of a sum
  private static final int CHANNELS = 20;
  private static final int LENGTH = N * SIDE * SIDE * CHANNELS;

  /** Storages of a backend: two operands, four rows of channels, a result. */
  private record Room(Storage x, Storage other, Storage[] channels, Storage y) {
    static Room in(CpuBackend backend) {
      Storage[] channels = new Storage[4];
      for (int i = 0; i < channels.length; i++) {
        channels[i] = filled(backend, 5 + i, CHANNELS);
      }
      return new Room(
          filled(backend, 1, LENGTH),
          filled(backend, 2, LENGTH),
          channels,
          backend.allocate(LENGTH));
    }

    private static Storage filled(CpuBackend backend, long seed, int length) {
      Storage storage = backend.allocate(length);
      backend.upload(Numbers.uniform(seed, length, 0.1, 1), 0, storage, 0, length);
      return storage;
    }
  }

  static Stream<Map.Entry<String, BiConsumer<Passes<Storage>, Room>>> passes() {
    Map<String, BiConsumer<Passes<Storage>, Room>> passes = new TreeMap<>();
    elementwise(passes);
    alongAxes(passes);
    PoolProblem windows = PoolProblem.of(N, SIDE, SIDE, CHANNELS, 3, 2, 1);
    passes.put("maxPool", (p, r) -> p.maxPool(windows, r.x, r.y));
    passes.put("averagePool", (p, r) -> p.averagePool(windows, true, r.x, r.y));
    ResizeProblem.Filter bicubic = ResizeProblem.Filter.BICUBIC_ANTIALIAS;
    ResizeProblem resizing = new ResizeProblem(N, SIDE, SIDE, CHANNELS, 5, 7, bicubic);
    passes.put("resize", (p, r) -> p.resize(resizing, r.x, r.y));
    int[] nhwc = {N, SIDE, SIDE, CHANNELS};
    TransposeProblem channelsFirst = TransposeProblem.of(nhwc, new int[] {0, 3, 1, 2});
    TransposeProblem columnsFirst = TransposeProblem.of(nhwc, new int[] {0, 2, 1, 3});
    passes.put("transpose planes", (p, r) -> p.transpose(channelsFirst, r.x, r.y));
    passes.put("transpose runs", (p, r) -> p.transpose(columnsFirst, r.x, r.y));
    Indices some = Indices.of(Indices.NONE, 0, 1, 2, 2, 1, 0, Indices.NONE);
    GatherProblem chosen = new GatherProblem(N, SIDE, SIDE, CHANNELS, some, some);
    passes.put("gather", (p, r) -> p.gather(chosen, 0.5, r.x, r.y));
    return passes.entrySet().stream();
  }

  private static void elementwise(Map<String, BiConsumer<Passes<Storage>, Room>> passes) {
    passes.put(
        "linearCombination", (p, r) -> p.linearCombination(LENGTH, 2, r.x, -1, r.other, r.y));
    passes.put("affine", (p, r) -> p.affine(LENGTH, 2, r.x, -1, r.y));
    passes.put("multiply", (p, r) -> p.multiply(LENGTH, r.x, r.other, r.y));
    passes.put("divide", (p, r) -> p.divide(LENGTH, r.x, r.other, r.y));
    passes.put("maximum", (p, r) -> p.maximum(LENGTH, r.x, r.other, r.y));
    passes.put("minimum", (p, r) -> p.minimum(LENGTH, r.x, r.other, r.y));
    passes.put("addRelu", (p, r) -> p.addRelu(LENGTH, r.x, r.other, r.y));
    passes.put("unary", (p, r) -> p.unary(Unary.SIGMOID, LENGTH, r.x, r.y));
    passes.put("elu", (p, r) -> p.elu(LENGTH, 1, 0.5, 2, r.x, r.y));
    passes.put("leakyRelu", (p, r) -> p.leakyRelu(LENGTH, 0.1, r.x, r.y));
  }

  private static void alongAxes(Map<String, BiConsumer<Passes<Storage>, Room>> passes) {
    int pixels = LENGTH / CHANNELS;
    AxisProblem perChannel = new AxisProblem(1, pixels, CHANNELS);
    AxisProblem perPicture = new AxisProblem(N, SIDE * SIDE, CHANNELS);
    AxisProblem perPixel = new AxisProblem(pixels, CHANNELS, 1);
    passes.put("clamp", (p, r) -> p.clamp(perChannel, r.x, r.channels[0], r.channels[1], r.y));
    BatchNormProblem norm = new BatchNormProblem(pixels, CHANNELS, 1e-5, true);
    passes.put(
        "batchNormEval",
        (p, r) ->
            p.batchNormEval(
                norm, r.x, r.channels[0], r.channels[1], r.channels[2], r.channels[3], r.y));
    for (AxisProblem axes : List.of(perChannel, perPicture, perPixel)) {
      passes.put("broadcastAdd " + axes, (p, r) -> p.broadcastAdd(axes, r.x, -2, r.other, r.y));
      passes.put(
          "broadcastMultiply " + axes, (p, r) -> p.broadcastMultiply(axes, r.x, r.other, r.y));
      passes.put("broadcast " + axes, (p, r) -> p.broadcast(axes, 3, r.x, r.y));
      passes.put("sum " + axes, (p, r) -> p.sum(axes, 0.5, r.x, r.y));
    }
    passes.put("softmax", (p, r) -> p.softmax(pixels, CHANNELS, r.x, r.y));
    passes.put("logSoftmax", (p, r) -> p.logSoftmax(pixels, CHANNELS, r.x, r.y));
  }

  @Test
  void allAreTested() {
    Set<String> names =
        Stream.of(Passes.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
    assertThat(passes().map(pass -> pass.getKey().split(" ")[0]))
        .containsOnly(names.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("passes")
  void repeatWhatTheCallDoes(Map.Entry<String, BiConsumer<Passes<Storage>, Room>> pass) {
    try (CpuBackend backend = new CpuBackend(1, Kernels.scalar())) {
      Room room = Room.in(backend);
      backend.fill(room.y, LENGTH, 7);
      pass.getValue().accept(backend, room);
      float[] expected = result(backend, room.y);
      float[] other = result(backend, room.other);
      backend.fill(room.other, LENGTH, 2);
      Runnable bound = backend.bind(passes -> pass.getValue().accept(passes, room));
      backend.upload(other, 0, room.other, 0, LENGTH); // operands are read when it is run
      backend.fill(room.y, LENGTH, 7);
      bound.run();
      assertThat(result(backend, room.y)).isEqualTo(expected);
      bound.run();
      assertThat(allocatedBy(bound)).isZero();
      assertThat(result(backend, room.y)).isEqualTo(expected);
    }
  }

  @Test
  void aDepthwiseConvolutionAllocatesNothing() {
    try (CpuBackend backend = new CpuBackend(1, Kernels.scalar())) {
      Room room = Room.in(backend);
      Conv2dProblem p =
          Conv2dProblem.parse(
              "n%d h%d w%d c%d k%d r3 s3 st1 p1 d1 g%d"
                  .formatted(N, SIDE, SIDE, CHANNELS, CHANNELS, CHANNELS));
      Storage weight = Room.filled(backend, 3, p.weightSize());
      PreparedConvolution<Storage> prepared =
          backend.prepare(p, weight, room.channels[0], Unary.HARD_SWISH, WeightFormat.F32);
      Runnable bound = prepared.bind(N, room.x, room.other, room.y);
      bound.run();
      assertThat(allocatedBy(bound)).isZero();
    }
  }

  /**
   * Returns the bytes that a run allocates: the least of some, because the JVM may allocate, too,
   * when it exchanges code that runs.
   */
  private static long allocatedBy(Runnable run) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      run.run();
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static float[] result(CpuBackend backend, Storage storage) {
    float[] values = new float[LENGTH];
    backend.download(storage, 0, values, 0, LENGTH);
    return values;
  }

  @Test
  void bindTakesOnePass() {
    try (CpuBackend backend = new CpuBackend(1, Kernels.scalar())) {
      Room room = Room.in(backend);
      Consumer<Passes<Storage>> two =
          passes -> {
            passes.unary(Unary.RELU, LENGTH, room.x, room.y);
            passes.unary(Unary.RELU, LENGTH, room.x, room.y);
          };
      assertThatThrownBy(() -> backend.bind(two))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exactly one pass");
      assertThatThrownBy(() -> backend.bind(_ -> {})).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = i % 1001;
    }
    return values;
  }

  @Test
  void aLongUploadAllocatesNothingTheSecondTime() {
    int length = 300_000;
    float[] values = floats(length);
    try (CpuBackend backend = new CpuBackend(2, Kernels.scalar())) {
      Storage storage = backend.allocate(length);
      backend.upload(values, 0, storage, 0, length);
      backend.fill(storage, length, 0);
      assertThat(allocatedBy(() -> backend.upload(values, 0, storage, 0, length))).isZero();
      float[] copy = new float[length];
      backend.download(storage, 0, copy, 0, length);
      assertThat(copy).isEqualTo(values);
    }
  }
}
