package dev.thumbnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.io.DType;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.optim.ParamGroup;
import dev.thumbnet.engine.optim.Sgd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole networks against PyTorch: logits, loss, gradients, running statistics and ten steps of
 * training from the same weights on the same pictures. src/test/python/golden_models.py explains
 * the files and says how far PyTorch's own floats are from its doubles.
 */
final class PyTorchModelsTest {
  private static final Device DEVICE = Device.cpu();
  private static final int STEPS = 10;

  /** Relative errors that floats may have; the goldens are doubles. */
  private static final double LOGITS = 1e-4;

  private static final double GRADIENTS = 1e-3;

  /**
   * Elements of the gradients of ResNet-50: among its millions of ReLUs there are always some whose
   * input is zero but for rounding, so that PyTorch's floats are off by 1e-3 themselves.
   */
  private static final double ELEMENTS_OF_RESNET50 = 1e-2;

  private static final double STATISTICS = 1e-4;
  private static final double LOSSES = 1e-3;

  /**
   * What ten steps change of a weight. Single ReLUs decide otherwise on the way, so that PyTorch's
   * own floats are up to 3e-2 off in some network; ten times that is allowed where it is more.
   */
  private static final double CHANGES = 1e-2;

  /** A golden file and the network it is about. */
  private record Golden(SafeTensors file) {
    static Golden read(String name) {
      try (InputStream stream =
          Golden.class.getResourceAsStream("/golden/" + name + ".safetensors")) {
        return new Golden(SafeTensors.of(name, stream.readAllBytes()));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    boolean has(String tensor) {
      return file.tensors().containsKey(tensor);
    }

    double[] values(String tensor) {
      return file.tensor(tensor).doubles();
    }

    /** Returns a tolerance, or ten times what PyTorch's floats are off if that is more. */
    double tolerance(String quantity, double least) {
      return Math.max(least, 10 * values("deviation." + quantity)[0]);
    }

    int number(String key) {
      return Integer.parseInt(file.metadata().get(key));
    }

    List<String> names(String key) {
      return file.metadata().get(key).lines().toList();
    }

    Tensor pictures(int batch) {
      int n = number("batch");
      int size = number("size");
      float[] torch = FormulaWeights.pictures(input("input", batch), n, size);
      float[] pictures = new float[torch.length];
      int plane = size * size;
      for (int i = 0; i < n; i++) {
        for (int p = 0; p < plane; p++) {
          for (int c = 0; c < 3; c++) {
            pictures[(i * plane + p) * 3 + c] = torch[(i * 3 + c) * plane + p];
          }
        }
      }
      return Tensor.of(DEVICE, pictures, n, size, size, 3);
    }

    int[] labels(int batch) {
      return FormulaWeights.labels(input("labels", batch), number("batch"), number("classes"));
    }

    private String input(String kind, int batch) {
      return file.metadata().get("case") + "." + number("seed") + "." + kind + batch;
    }
  }

  private static Classifier network(String name) {
    Architecture architecture =
        switch (name) {
          case "resnet18" -> Architecture.of("resnet18", 10);
          case "resnet18_small_input" -> Architecture.of("resnet18", 10).withSmallInput();
          case "resnet50" -> Architecture.of("resnet50", 10);
          case "vgg11_bn_quarter" ->
              Architecture.of("vgg11_bn", 10).withWidth(0.25).withHidden(1024);
          case "vgg11_bn_gap" -> Architecture.of("vgg11_bn", 10).withHidden(0);
          case "vgg11" -> Architecture.of("vgg11", 10).withHidden(64);
          case "vgg16" -> Architecture.of("vgg16", 10).withHidden(0);
          default -> throw new AssertionError(name);
        };
    return Models.classifier(architecture, DEVICE);
  }

  /** Loads the formula's weights by way of a file in PyTorch's layout. */
  private static Classifier withFormulaWeights(String name) {
    Classifier network = network(name);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    for (SafeTensors.Entry entry : inTorchLayout(network).tensors().values()) {
      if (entry.dtype() == DType.I64) {
        writer.put(entry.name(), DType.I64, entry.shape(), new long[1]);
      } else {
        float[] values = FormulaWeights.weight(entry.name(), entry.shape());
        writer.put(entry.name(), entry.shape(), values);
      }
    }
    Models.stateDict(network).load(open(writer));
    return network;
  }

  private static SafeTensors inTorchLayout(Classifier network) {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    Models.stateDict(network).putInto(writer);
    return open(writer);
  }

  private static SafeTensors open(SafeTensorsWriter writer) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    writer.write(stream);
    return SafeTensors.of("in memory", stream.toByteArray());
  }

  /** Training mode, but without dropout, which the goldens do not have. */
  private static void train(Classifier network) {
    network.train();
    network.modules().stream().filter(Dropout.class::isInstance).forEach(Module::eval);
  }

  /** Fails if an element is further off than a share of the largest expected one. */
  private static void compare(String what, double[] expected, double[] actual, double tolerance) {
    compare(what, expected, actual, tolerance, largest(expected));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  /** Whether the norm of a tensor is zero but for rounding, in double precision. */
  private static boolean isZero(double[] norms, int i) {
    return norms[i] < 1e-9 * largest(norms);
  }

  private static void compare(
      String what, double[] expected, double[] actual, double tolerance, double scale) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) / scale)
          .as("%s[%d]: %s instead of %s", what, i, actual[i], expected[i])
          .isLessThan(tolerance);
    }
  }

  /**
   * Compares norm, sum and samples of named tensors in PyTorch's layout, each relative to the
   * tensor's own size. A tensor whose norm is zero but for rounding, such as the gradient of a bias
   * before a batch normalisation, must only be small.
   */
  private static void compareSummaries(
      Golden golden,
      String quantity,
      List<String> names,
      Function<String, float[]> actual,
      double tolerance,
      double sampleTolerance) {
    double[] norms = golden.values(quantity + ".norm");
    double[] sums = golden.values(quantity + ".sum");
    double[] samples = golden.values(quantity + ".samples");
    double largestNorm = largest(norms);
    assertThat(names).hasSize(norms.length);
    for (int i = 0; i < norms.length; i++) {
      String what = quantity + " of " + names.get(i);
      float[] values = actual.apply(names.get(i));
      double sum = 0;
      double squares = 0;
      for (float v : values) {
        sum += v;
        squares += (double) v * v;
      }
      double norm = Math.sqrt(squares);
      if (isZero(norms, i)) {
        assertThat(norm).as(what).isLessThan(tolerance * largestNorm);
        continue;
      }
      compare(what + ": norm", new double[] {norms[i]}, new double[] {norm}, tolerance);
      double sumScale = norm * Math.sqrt(values.length);
      compare(what + ": sum", new double[] {sums[i]}, new double[] {sum}, tolerance, sumScale);
      int[] positions = FormulaWeights.samplePositions(names.get(i), values.length);
      double[] expected = Arrays.copyOfRange(samples, 16 * i, 16 * (i + 1));
      double[] sampled = Arrays.stream(positions).mapToDouble(p -> values[p]).toArray();
      compare(what + ": samples", expected, sampled, sampleTolerance);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet18_small_input",
        "resnet50",
        "vgg11_bn_quarter",
        "vgg11_bn_gap",
        "vgg11",
        "vgg16"
      })
  void logits(String name) {
    Golden golden = Golden.read(name);
    Classifier network = withFormulaWeights(name);
    network.eval();
    try (Autograd.NoGrad _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      double[] logits = network.forward(golden.pictures(0)).toDoubleArray();
      compare("logits", golden.values("eval.logits"), logits, LOGITS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet18_small_input",
        "resnet50",
        "vgg11_bn_quarter",
        "vgg11_bn_gap"
      })
  void gradients(String name) {
    Golden golden = Golden.read(name);
    Classifier network = withFormulaWeights(name);
    train(network);
    try (TensorScope _ = new TensorScope()) {
      Tensor logits = network.forward(golden.pictures(0));
      Tensor loss = Ops.crossEntropy(logits, golden.labels(0), 0);
      loss.backward();
      compare("logits", golden.values("train.logits"), logits.toDoubleArray(), LOGITS);
      compare("loss", golden.values("train.loss"), loss.toDoubleArray(), LOGITS);
    }
    SafeTensors state = inTorchLayout(network);
    compareSummaries(
        golden,
        "buffers",
        golden.names("buffers"),
        n -> state.tensor(n).floats(),
        STATISTICS,
        STATISTICS);

    // Another network holds the gradients as its weights, to have them in PyTorch's layout.
    Classifier holder = network(name);
    network
        .namedParameters()
        .forEach((n, p) -> holder.namedParameters().get(n).tensor().copyFrom(p.tensor().grad()));
    SafeTensors gradients = inTorchLayout(holder);
    double elements = name.equals("resnet50") ? ELEMENTS_OF_RESNET50 : GRADIENTS;
    List<String> parameters = golden.names("parameters");
    assertThat(parameters).containsExactlyElementsOf(network.namedParameters().keySet());
    compareSummaries(
        golden, "grad", parameters, n -> gradients.tensor(n).floats(), GRADIENTS, elements);
    double[] norms = golden.values("grad.norm");
    for (int i = 0; i < norms.length; i++) {
      String parameter = parameters.get(i);
      if (golden.has("grad.full." + parameter) && !isZero(norms, i)) {
        double[] expected = golden.values("grad.full." + parameter);
        double[] actual = gradients.tensor(parameter).doubles();
        compare("gradient of " + parameter, expected, actual, elements);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "resnet18_small_input", "vgg11_bn_quarter", "vgg11_bn_gap"})
  void tenStepsOfTraining(String name) {
    Golden golden = Golden.read(name);
    Classifier network = withFormulaWeights(name);
    train(network);
    Map<String, float[]> before = floats(inTorchLayout(network), golden.names("parameters"));
    // The settings that golden_models.py has under SGD.
    Sgd optimizer = new Sgd(List.of(ParamGroup.all("", network, 0.05)), 0.9, true);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      try (TensorScope _ = new TensorScope()) {
        optimizer.zeroGrad();
        Tensor logits = network.forward(golden.pictures(step % 2));
        Tensor loss = Ops.crossEntropy(logits, golden.labels(step % 2), 0);
        loss.backward();
        optimizer.step(3e-4);
        losses[step] = loss.item();
      }
    }
    compare("losses", golden.values("steps.loss"), losses, LOSSES);
    SafeTensors state = inTorchLayout(network);
    compareSummaries(
        golden,
        "steps.buffers",
        golden.names("buffers"),
        n -> state.tensor(n).floats(),
        LOSSES,
        LOSSES);
    compareSummaries(
        golden,
        "steps.change",
        golden.names("parameters"),
        n -> minus(state.tensor(n).floats(), before.get(n)),
        golden.tolerance("steps.change.norm", CHANGES),
        golden.tolerance("steps.change.samples", CHANGES));
  }

  private static Map<String, float[]> floats(SafeTensors file, List<String> names) {
    Map<String, float[]> all = new LinkedHashMap<>();
    names.forEach(name -> all.put(name, file.tensor(name).floats()));
    return all;
  }

  private static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }
}
