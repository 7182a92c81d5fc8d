package dev.thumbnet.engine.backend.cpu;

import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.put;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.room;
import static dev.thumbnet.engine.backend.cpu.runtime.CpuRoom.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.contract.RandomProblems;
import dev.thumbnet.engine.backend.cpu.conv.ConvolutionAlgorithm;
import dev.thumbnet.engine.backend.cpu.conv.Direction;
import dev.thumbnet.engine.backend.cpu.conv.Epilogue;
import dev.thumbnet.engine.backend.cpu.conv.PreparedWeights;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.runtime.BufferPool;
import dev.thumbnet.engine.backend.cpu.runtime.CpuStorage;
import dev.thumbnet.engine.backend.cpu.runtime.WorkerPool;
import dev.thumbnet.engine.backend.cpu.winograd.WinogradConvolution;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Numbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels for a cold start give the bits of those that take over from them. */
class ColdKernelsTest {
  private static final Kernels WARM = Kernels.vector();
  private static final Kernels COLD = WARM.cold();

  /** What networks end convolutions with. */
  private static final List<@Nullable Unary> ACTIVATIONS =
      Arrays.asList(null, Unary.RELU, Unary.RELU6, Unary.HARD_SWISH, Unary.SILU);

  @Test
  void areOthersForVectorKernelsOnly() {
    assertThat(COLD.name()).isEqualTo("cold");
    assertThat(COLD.cold()).isSameAs(COLD);
    assertThat(COLD.lanes()).isEqualTo(WARM.lanes());
    assertThat(Kernels.scalar().cold().name()).isEqualTo("scalar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1 h14 w14 c64 k64 r3 s3 st1 p1",
        "n1 h7 w7 c128 k128 r3 s3 st1 p1",
        "n2 h13 w11 c32 k48 r3 s3 st2 p1",
        "n1 h2 w2 c256 k200 r3 s3 st1 p1",
        "n1 h30 w30 c3 k64 r7 s7 st2 p3",
        "n2 h20 w23 c16 k3 r5 s5 st1 p2",
        "n1 h30 w28 c3 k32 r5 s5 st2 p2",
        "n3 h1 w1 c512 k1000 r1 s1 st1 p0",
        "n1 h9 w8 c24 k24 r3 s3 st1 p1 d1 g24",
        "n2 h13 w15 c40 k40 r5 s5 st2 p2 d1 g40",
        "n1 h9 w11 c32 k32 r3 s3 st1 p1 d1 g8"
      })
  void convolutionsHaveTheSameBits(String line) {
    check(Conv2dProblem.parse(line), Unary.RELU, true, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n1 h6 w7 c16 k20 r3 s3 st1 p1",
        "n1 h9 w8 c16 k24 r3 s3 st2 p1",
        "n1 h12 w14 c5 k3 r5 s5 st1 p2",
        "n2 h6 w5 c24 k24 r3 s3 st1 p1 d1 g24"
      })
  void allEndingsHaveTheSameBits(String line) {
    for (int ending = 0; ending < 2 * ACTIVATIONS.size(); ending++) {
      check(Conv2dProblem.parse(line), ending);
    }
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void randomConvolutionsHaveTheSameBits(
      @ForAll(supplier = RandomProblems.Conv.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void randomGroupsHaveTheSameBits(
      @ForAll(supplier = RandomProblems.Grouped.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void randomThreeByThreeHaveTheSameBits(
      @ForAll(supplier = RandomProblems.Conv3x3.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void randomThreeByThreeWithStrideHaveTheSameBits(
      @ForAll(supplier = RandomProblems.Conv3x3Strided.class) Conv2dProblem p, @ForAll long seed) {
    check(p, seed);
  }

  /** With one of the endings, which the seed chooses. */
  private static void check(Conv2dProblem p, long seed) {
    int ending = (int) Math.floorMod(seed, 2L * ACTIVATIONS.size());
    check(p, ACTIVATIONS.get(ending / 2), ending % 2 == 1, seed);
  }

  /** Each prepares weights for both. */
  private static void check(Conv2dProblem p, @Nullable Unary activation, boolean adds, long seed) {
    double[] x = Numbers.normal(seed, p.inputSize());
    double[] w = Numbers.normal(seed + 1, p.weightSize());
    double[] bias = Numbers.normal(seed + 2, p.k());
    double[] residual = adds ? Numbers.normal(seed + 3, p.outputSize()) : null;
    for (WeightFormat format : WeightFormat.values()) {
      List<ConvolutionAlgorithm> warm = algorithms(WARM, p);
      List<ConvolutionAlgorithm> cold = algorithms(COLD, p);
      assertThat(cold).hasSameSizeAs(warm);
      for (int i = 0; i < warm.size(); i++) {
        ConvolutionAlgorithm a = warm.get(i);
        ConvolutionAlgorithm b = cold.get(i);
        double[] expected = run(a, a, WARM, p, activation, format, x, w, bias, residual);
        String ending = (adds ? " + residual, " : ", ") + activation;
        String what = a.name() + " " + format + " " + p + ending;
        double[] actual = run(b, b, COLD, p, activation, format, x, w, bias, residual);
        Close.assertSameBits(what, expected, actual);
        actual = run(a, b, COLD, p, activation, format, x, w, bias, residual);
        Close.assertSameBits(what, expected, actual);
        actual = run(b, a, WARM, p, activation, format, x, w, bias, residual);
        Close.assertSameBits(what, expected, actual);
      }
    }
  }

  private static double[] run(
      ConvolutionAlgorithm preparing,
      ConvolutionAlgorithm running,
      Kernels kernels,
      Conv2dProblem p,
      @Nullable Unary activation,
      WeightFormat format,
      double[] x,
      double[] w,
      double[] bias,
      double @Nullable [] residual) {
    BufferPool buffers = new BufferPool(0);
    Direction c = Direction.forward(p);
    PreparedWeights weights = preparing.prepare(c, put(buffers, w), put(buffers, bias), format);
    CpuStorage y = room(buffers, p.outputSize());
    CpuStorage other = residual == null ? null : put(buffers, residual);
    Epilogue epilogue = new Epilogue(kernels.elements(), activation, other, y);
    running.bind(weights, c, put(buffers, x), epilogue).run();
    return values(y);
  }

  /** All that accept the problem, and Winograd's also where they would not be chosen. */
  private static List<ConvolutionAlgorithm> algorithms(Kernels kernels, Conv2dProblem p) {
    BufferPool buffers = new BufferPool(0);
    WorkerPool workers = new WorkerPool(1);
    List<ConvolutionAlgorithm> list =
        new ArrayList<>(
            new Convolutions(kernels, buffers, workers, false).accepting(Direction.forward(p)));
    for (WinogradKernels transforms : kernels.winograd()) {
      if (WinogradConvolution.serves(p, transforms.matrices().stride())) {
        list.add(new WinogradConvolution(transforms, kernels, buffers, workers));
      }
    }
    return list;
  }

  /** Zeros of both signs and NaN included. */
  @Test
  void endingsAndPoolingHaveTheSameBits() {
    int n = 4 * 100;
    float[] x = special(n, 1);
    float[] other = special(n, 2);
    float[] expected = new float[n];
    float[] actual = new float[n];
    WARM.elements().relu(n, x, 0, expected, 0);
    COLD.elements().relu(n, x, 0, actual, 0);
    assertThat(actual).containsExactly(expected);
    WARM.elements().addRelu(n, x, 0, other, 0, expected, 0);
    COLD.elements().addRelu(n, x, 0, other, 0, actual, 0);
    assertThat(actual).containsExactly(expected);
    WARM.elements().ramp(n, 3, 1f / 6, x, 0, expected, 0);
    COLD.elements().ramp(n, 3, 1f / 6, x, 0, actual, 0);
    assertThat(actual).containsExactly(expected);
    WARM.elements().hardSwish(n, x, 0, expected, 0);
    COLD.elements().hardSwish(n, x, 0, actual, 0);
    assertThat(actual).containsExactly(expected);
    WARM.spatial().maximum(2, 2, 200, 100, 100, x, 0, expected, 0);
    COLD.spatial().maximum(2, 2, 200, 100, 100, x, 0, actual, 0);
    assertThat(actual).containsExactly(expected);
  }

  private static float[] special(int n, int seed) {
    double[] normal = Numbers.normal(seed, n);
    float[] special = new float[n];
    for (int i = 0; i < n; i++) {
      special[i] =
          switch ((int) Math.abs(normal[i] * 1000) % 8) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> i % 3 == 0 ? Float.NaN : -1f;
            default -> (float) (4 * normal[i]); // some beyond the bends of all functions
          };
    }
    return special;
  }
}
