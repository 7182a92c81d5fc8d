package dev.thumbnet.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.testing.Close;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * ONNX's own backend tests, part of which lies in {@code ../shared/data/onnx} beside the project,
 * or in the folder {@code onnx} of the one that {@code THUMBNET_DATA} names: each gives what its
 * files say, to the suite's tolerance, or is refused for a reason that is in the list here.
 */
final class OnnxCasesTest {
  private static final Device CPU = Device.cpu(2);
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Path folder(String name) {
    String configured = System.getProperty("THUMBNET_DATA", System.getenv("THUMBNET_DATA"));
    Path data = configured == null ? Path.of("../../shared/data") : Path.of(configured);
    Path folder = data.resolve("onnx").resolve(name);
    assumeTrue(
        Files.isDirectory(folder),
        () -> "skipped: there is no folder " + folder.toAbsolutePath().normalize());
    return folder;
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> operators() {
    return children(folder("pytorch-converted")).stream()
        .map(test -> DynamicTest.dynamicTest(test.getFileName().toString(), () -> run(test)));
  }

  private static void run(Path test) throws IOException {
    OnnxModel module = OnnxModel.read(CPU, test.resolve("model.onnx"));
    for (Path set : children(test).stream().filter(Files::isDirectory).toList()) {
      FileTensor input = FileTensor.read(set.resolve("input_0.pb"));
      FileTensor output = FileTensor.read(set.resolve("output_0.pb"));
      agree(test.getFileName().toString(), module, input, output);
    }
  }

  private static void agree(String name, OnnxModel module, FileTensor input, FileTensor expected) {
    try (var _ = Autograd.noGrad();
        TensorScope _ = new TensorScope()) {
      Tensor y = module.forward(input.tensor(CPU));
      double[] wanted = expected.tensor(CPU).toDoubleArray();
      assertThat(y.shape()).isEqualTo(expected.tensor(CPU).shape());
      Close.assertClose(name, wanted, y.toDoubleArray(), ABSOLUTE, RELATIVE);
    }
  }

  @TestFactory
  Stream<DynamicTest> lightModels() {
    Path folder = folder("light");
    return children(folder).stream()
        .filter(file -> file.toString().endsWith(".onnx"))
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> light(file)));
  }

  private static void light(Path file) throws IOException {
    String name = file.getFileName().toString();
    OnnxModel module = OnnxModel.read(CPU, file);
    int[] dims = module.inputShape(module.inputNames().getFirst());
    float[] ramp = new float[IntStream.of(dims).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (float) i / ramp.length;
    }
    FileTensor input = new FileTensor(new int[] {dims[0], dims[3], dims[1], dims[2]}, ramp);
    Path output = file.resolveSibling(name.replace(".onnx", "_output_0.pb"));
    agree(name, module, input, FileTensor.read(output));
  }
}
