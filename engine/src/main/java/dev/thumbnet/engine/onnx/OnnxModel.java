package dev.thumbnet.engine.onnx;

import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.onnx.file.Graph;
import dev.thumbnet.engine.onnx.file.GraphReader;
import dev.thumbnet.engine.onnx.file.ValueInfo;
import dev.thumbnet.engine.onnx.operator.Run;
import dev.thumbnet.engine.onnx.value.Value.Live;
import dev.thumbnet.engine.onnx.value.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network that was read from an ONNX file: a module as any other, which can be run, compiled,
 * trained further and exported again.
 *
 * <pre>{@code
 * Device device = Device.cpu();
 * OnnxModel model = OnnxModel.read(device, Path.of("model.onnx"));
 * Plan plan = Plan.compile(model, device, Shape.of(1, 224, 224, 3));
 * Tensor scores = plan.run(pictures);
 * }</pre>
 *
 * <p>Values of rank 4 are pictures: (n, c, h, w) in the file, (n, h, w, c) here, inputs and outputs
 * too, unless the file itself has channels last, by transposing an input first of all or an output
 * at the end. Everything else is as in the file. Inside, nothing is transposed that need not be.
 * The first axis of inputs counts pictures, of which there may be any number, whatever the file
 * says.
 *
 * <p>Float initialisers are parameters under the names of the file, in the engine's order; a name's
 * dots part modules. Statistics of batch normalisation, and constants, are buffers. A model that
 * was just read is in evaluation mode; in training mode batch normalisation looks at the batch, and
 * dropout drops, if the exporter left them in the file.
 *
 * <p>Reading takes opsets 6 to 26 with IR version 3 or newer, numbers of all usual types (all
 * become floats), and external data in the model's folder. What cannot be run is refused when the
 * model is read, all of it in one {@link OnnxException}. For threads what {@link
 * dev.thumbnet.engine.nn.Module} says holds.
 */
public final class OnnxModel extends Branch {
  /** A file that says nothing else about its pictures is tried with these heights and widths. */
  private static final int[] USUAL_SIZES = {224, 32, 64, 28, 96, 128, 227, 256, 299, 512};

  private static final int COLORS = 3;

  /** Names are the file's, and may have any length. */
  private static final int LONGEST_MESSAGE = 4000;

  private final Network network;
  private final Weights weights;
  private final Map<String, Port> inputs;
  private final int pictures;
  private Rng dropout = new Rng(0);

  private OnnxModel(Device device, Graph graph, Shape... shapes) throws IOException {
    this.weights = new Weights(device);
    this.network = new Network(graph, weights);
    this.inputs = Port.all(graph);
    if (inputs.isEmpty() || graph.outputs().isEmpty()) {
      throw new IOException("the graph has no input or no output");
    }
    if (shapes.length > inputs.size()) {
      throw new IOException("it has inputs " + inputs.keySet() + ", fewer than shapes were given");
    }
    this.pictures = inputs.values().iterator().next().pictures();
    tryOut(shapes);
    weights.load(
        new Weights.Registry() {
          @Override
          public void parameter(String name, Parameter parameter) {
            add(name, parameter);
          }

          @Override
          public void buffer(String name, Tensor tensor) {
            add(name, tensor);
          }
        });
    network.forget();
    eval();
  }

  // ---------------------------------------------------------------- reading

  /**
   * Reads a model from a file.
   *
   * @param device where its weights will be
   * @param path a file, of any file system; external data may be in its folder
   * @param inputs shapes of inputs, in the file's order and pictures as (n, h, w, c), where the
   *     file leaves sizes open and usual ones will not do
   * @throws OnnxException if it cannot be read, or contains what cannot be run; the message says
   *     what, and what to do
   */
  public static OnnxModel read(Device device, Path path, Shape... inputs) {
    try {
      if (!Files.isRegularFile(path)) {
        throw new IOException("there is no such file");
      }
      if (Files.size(path) > Integer.MAX_VALUE - 16) {
        throw new IOException(
            "it has more than 2 GiB; export it with its weights in external data files");
      }
      Path folder = path.toAbsolutePath().getParent();
      return new OnnxModel(device, GraphReader.read(Files.readAllBytes(path), folder), inputs);
    } catch (IOException | UncheckedIOException e) {
      throw problem(path.toString(), e);
    }
  }

  /**
   * As {@link #read(Device, Path, Shape...)}, from a stream, which is read to its end and left
   * open.
   */
  public static OnnxModel read(Device device, InputStream stream, Shape... inputs) {
    try {
      return read(device, stream.readAllBytes(), inputs);
    } catch (IOException e) {
      throw problem("the stream", e);
    }
  }

  /** As {@link #read(Device, Path, Shape...)}, from the bytes of a file. */
  public static OnnxModel read(Device device, byte[] bytes, Shape... inputs) {
    try {
      return new OnnxModel(device, GraphReader.read(bytes, null), inputs);
    } catch (IOException | UncheckedIOException e) {
      throw problem("the model", e);
    }
  }

  private static OnnxException problem(String file, Exception cause) {
    String all = String.valueOf(cause.getMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ");
    String message = all.length() > LONGEST_MESSAGE ? all.substring(0, LONGEST_MESSAGE) + "…" : all;
    return new OnnxException("ONNX: cannot read " + file + ": " + message, cause);
  }

  /** Runs the graph on placeholders, which shows what does not work and how weights must lie. */
  private void tryOut(Shape... shapes) throws IOException {
    String first = null;
    for (int size : USUAL_SIZES) {
      weights.clear();
      Map<String, Live> examples = new LinkedHashMap<>();
      int index = 0;
      boolean open = false;
      for (Port port : inputs.values()) {
        Shape given = index < shapes.length ? shapes[index] : null;
        Shape shape = given == null ? port.example(size, COLORS) : port.checked(given);
        open |= given == null && port.isOpen();
        Tensor example = Tensor.placeholder(weights.device(), shape);
        examples.put(port.name(), port.live(example));
        index++;
      }
      String problems;
      try (var _ = Autograd.noGrad()) {
        problems = network.problems(examples, new Run(network.opset(), weights, pictures, null));
      }
      if (problems.isEmpty()) {
        return;
      }
      first = first == null ? problems : first;
      if (!open) {
        break;
      }
    }
    throw new IOException(
        "it cannot be run: "
            + first
            + "; export the model otherwise, or read it with the shapes of its inputs if it is"
            + " these that do not fit");
  }

  // ---------------------------------------------------------------- running

  /**
   * Computes the only output of the only input.
   *
   * @throws IllegalArgumentException if the network does not take such an input
   * @throws IllegalStateException if it has several inputs or outputs
   */
  @Override
  public Tensor forward(Tensor x) {
    List<ValueInfo> outputs = network.outputs();
    if (inputs.size() != 1 || outputs.size() != 1) {
      throw new IllegalStateException(
          "the model has inputs "
              + inputs.keySet()
              + " and outputs "
              + outputNames()
              + "; call forward with a map of tensors by name");
    }
    String input = inputs.keySet().iterator().next();
    return forward(Map.of(input, x)).values().iterator().next();
  }

  /**
   * Computes all outputs.
   *
   * @param tensors inputs by name, all of them
   * @return outputs by name, in the file's order
   * @throws IllegalArgumentException if the network does not take such inputs
   */
  public Map<String, Tensor> forward(Map<String, Tensor> tensors) {
    if (!tensors.keySet().equals(inputs.keySet())) {
      throw new IllegalArgumentException(
          "the model has inputs " + inputs.keySet() + ", but was given " + tensors.keySet());
    }
    Map<String, Live> given = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          Port port = Objects.requireNonNull(inputs.get(name));
          port.checked(tensor.shape());
          given.put(name, port.live(tensor));
        });
    Run run = new Run(network.opset(), weights, pictures, training() ? dropout : null);
    return network.run(given, run);
  }

  @Override
  protected void restart(Rng rng) {
    dropout = rng;
  }

  /** Returns the names of the inputs, in the file's order. */
  public List<String> inputNames() {
    return List.copyOf(inputs.keySet());
  }

  /** Returns the names of the outputs, in the file's order. */
  public List<String> outputNames() {
    return network.outputs().stream().map(ValueInfo::name).toList();
  }

  /**
   * Returns the shape of an input, pictures as (n, h, w, c), where the file says it; where it
   * leaves an extent open, −1 stands in its place.
   *
   * @throws IllegalArgumentException if there is no such input
   */
  public int[] inputShape(String name) {
    Port port = inputs.get(name);
    if (port == null) {
      throw new IllegalArgumentException("the model has inputs " + inputs.keySet());
    }
    return port.dims();
  }

  @Override
  public String toString() {
    return "OnnxModel " + inputs.values() + " → " + outputNames();
  }
}
