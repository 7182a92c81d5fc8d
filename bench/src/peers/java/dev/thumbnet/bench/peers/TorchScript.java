package dev.thumbnet.bench.peers;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.Unary;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.op.trace.Action;
import dev.thumbnet.engine.op.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Translates a trace to a TorchScript program in the form that PyTorch's own compiler gives a
 * frozen network on a CPU: batch normalisation folded into the convolution before it, ReLU and the
 * sum of a residual block fused into oneDNN's convolution, weights reordered once to oneDNN's
 * layout for exactly this problem, activations channels-last.
 */
final class TorchScript {
  private static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

  private final StringBuilder prepare = new StringBuilder();
  private final StringBuilder body = new StringBuilder();
  private final Map<Tensor, String> values = new IdentityHashMap<>();
  private final Map<Tensor, Convolution> pending = new IdentityHashMap<>();
  private final List<Weight> weights = new ArrayList<>();
  private int variables;

  private record Weight(String name, int[] shape, float[] elements) {}

  /** A convolution that waits for what can be fused with it. */
  private record Convolution(Conv2dProblem p, Tensor x, float[] weight, float[] bias) {}

  private TorchScript() {}

  /** Returns the archive that {@code torch.jit.load} takes; input (n, 3, h, w), output logits. */
  static byte[] of(Workload workload) throws IOException {
    try (Device device = Device.cpu(1);
        TensorScope _ = new TensorScope()) {
      Module module = workload.module(device, 1);
      module.eval();
      return of(Trace.of(module::forward, Tensor.zeros(device, workload.input().toArray())));
    }
  }

  private static byte[] of(Trace trace) throws IOException {
    TorchScript script = new TorchScript();
    script.values.put(trace.input(), "x");
    for (Trace.Step step : trace.steps()) {
      script.add(step);
    }
    return script.archive(script.value(trace.output()));
  }

  private void add(Trace.Step step) {
    Tensor result = step.result();
    List<Tensor> in = step.operands();
    switch (step.action()) {
      case Action.Conv2d(Conv2dProblem p) when p.pad().symmetric() -> {
        float[] bias = in.size() == 3 ? in.get(2).toArray() : new float[p.k()];
        pending.put(result, new Convolution(p, in.get(0), in.get(1).toArray(), bias));
      }
      case Action.BatchNorm norm -> {
        Convolution folded = fold(norm, step);
        if (norm.relu()) {
          values.put(result, unary(folded, "relu"));
        } else {
          pending.put(result, folded);
        }
      }
      case Action.Elementwise(Unary f) when f == Unary.RELU && pending.containsKey(in.get(0)) ->
          values.put(result, unary(pending.remove(in.get(0)), "relu"));
      case Action.AddRelu() -> values.put(result, sum(in.get(0), in.get(1)));
      case Action.MaxPool(PoolProblem p) when p.pad().symmetric() ->
          values.put(
              result,
              assign(
                  "torch.max_pool2d(%s, [%d, %d], [%d, %d], [%d, %d], [%d, %d], %s)",
                  value(in.get(0)),
                  p.kh(),
                  p.kw(),
                  p.strideH(),
                  p.strideW(),
                  p.pad().top(),
                  p.pad().left(),
                  p.dilationH(),
                  p.dilationW(),
                  p.ceil() ? "True" : "False"));
      case Action.Resize(ResizeProblem p)
          when p.filter() == ResizeProblem.Filter.ADAPTIVE_AVERAGE ->
          values.put(
              result,
              assign(
                  "torch.adaptive_avg_pool2d(%s, [%d, %d])", value(in.get(0)), p.outH(), p.outW()));
      case Action.Reshape() -> values.put(result, flatten(in.get(0)));
      case Action.Linear() -> values.put(result, linear(in));
      default ->
          throw new IllegalArgumentException(step.action() + " has no translation to TorchScript");
    }
  }

  private Convolution fold(Action.BatchNorm norm, Trace.Step step) {
    Convolution conv = pending.remove(step.operands().get(0));
    if (conv == null) {
      throw new IllegalArgumentException("a batch normalisation must follow a convolution");
    }
    float[] gamma = step.operands().get(1).toArray();
    float[] beta = step.operands().get(2).toArray();
    float[] mean = norm.mean().toArray();
    float[] variance = norm.variance().toArray();
    float[] weight = conv.weight().clone();
    float[] bias = new float[gamma.length];
    for (int k = 0; k < gamma.length; k++) {
      double scale = gamma[k] / Math.sqrt(variance[k] + norm.eps());
      bias[k] = (float) ((conv.bias()[k] - mean[k]) * scale + beta[k]);
      for (int i = k; i < weight.length; i += gamma.length) {
        weight[i] *= (float) scale;
      }
    }
    return new Convolution(conv.p(), conv.x(), weight, bias);
  }

  // ---------------------------------------------------------------- the program

  /** Returns the variable of a value; a convolution that waited for company starts alone. */
  private String value(Tensor tensor) {
    Convolution conv = pending.remove(tensor);
    if (conv != null) {
      values.put(tensor, unary(conv, "none"));
    }
    return values.get(tensor);
  }

  private String unary(Convolution conv, String function) {
    String x = value(conv.x());
    return assign(
        "ops.mkldnn._convolution_pointwise(%s, %s, \"%s\", %s, \"\")",
        x, operands(conv), function, NO_SCALARS);
  }

  private String sum(Tensor a, Tensor b) {
    Convolution conv = pending.remove(a);
    if (conv == null) {
      return assign("torch.relu(torch.add(%s, %s))", value(a), value(b));
    }
    String other = value(b);
    String x = value(conv.x());
    return assign(
        "ops.mkldnn._convolution_pointwise(%s, %s, %s, \"add\", 1, \"relu\", %s, \"\")",
        x, other, operands(conv), NO_SCALARS);
  }

  /** Returns weight, bias and geometry, and has the weight reordered at the first run. */
  private String operands(Convolution conv) {
    Conv2dProblem p = conv.p();
    String weight = weight(oihw(conv), p.k(), p.c() / p.groups(), p.kh(), p.kw());
    String bias = weight(conv.bias(), p.k());
    String geometry =
        "[%d, %d], [%d, %d], [%d, %d], %d"
            .formatted(
                p.pad().top(),
                p.pad().left(),
                p.strideH(),
                p.strideW(),
                p.dilationH(),
                p.dilationW(),
                p.groups());
    prepare.append(
        "      %s = ops.mkldnn._reorder_convolution_weight(%s, %s, [%d, %d, %d, %d])\n"
            .formatted(weight, weight, geometry, p.n(), p.c(), p.h(), p.w()));
    return weight + ", " + bias + ", " + geometry;
  }

  private static float[] oihw(Convolution conv) {
    Conv2dProblem p = conv.p();
    int elements = p.kh() * p.kw();
    int in = p.c() / p.groups();
    float[] weight = new float[conv.weight().length];
    for (int i = 0; i < weight.length; i++) {
      int k = i % p.k();
      int c = i / p.k() % in;
      weight[(k * in + c) * elements + i / p.k() / in] = conv.weight()[i];
    }
    return weight;
  }

  private String flatten(Tensor x) {
    Shape shape = x.shape();
    String value = value(x);
    if (shape.size(1, 3) > 1) {
      value = assign("torch.permute(%s, [0, 2, 3, 1])", value);
    }
    return assign("torch.flatten(%s, 1, -1)", value);
  }

  private String linear(List<Tensor> in) {
    int inputs = in.get(1).dim(0);
    int outputs = in.get(1).dim(1);
    float[] weight = in.get(1).toArray();
    float[] transposed = new float[weight.length];
    for (int i = 0; i < weight.length; i++) {
      transposed[i % outputs * inputs + i / outputs] = weight[i];
    }
    return assign(
        "torch.linear(%s, %s, %s)",
        value(in.get(0)),
        weight(transposed, outputs, inputs),
        in.size() == 3 ? weight(in.get(2).toArray(), outputs) : "None");
  }

  private String assign(String expression, Object... arguments) {
    String variable = "v" + variables++;
    body.append("    ").append(variable).append(" = ");
    body.append(expression.formatted(arguments)).append('\n');
    return variable;
  }

  private String weight(float[] elements, int... shape) {
    String name = "w" + weights.size();
    weights.add(new Weight(name, shape, elements));
    return "self." + name;
  }

  private String source(String result) {
    StringBuilder source = new StringBuilder("class Net(Module):\n");
    source.append("  __parameters__ = []\n  __buffers__ = []\n  training : bool\n  ready : bool\n");
    weights.forEach(w -> source.append("  ").append(w.name).append(" : Tensor\n"));
    source.append("  def forward(self: __torch__.Net,\n    x: Tensor) -> Tensor:\n");
    source.append("    if torch.__not__(self.ready):\n").append(prepare);
    source.append("      self.ready = True\n    else:\n      pass\n");
    return source.append(body).append("    return ").append(result).append('\n').toString();
  }

  // ---------------------------------------------------------------- the archive

  private byte[] archive(String result) throws IOException {
    Pickle data = new Pickle().global("__torch__", "Net").emptyTuple().newObject();
    data.emptyDictionary().mark().text("training").bool(false).text("ready").bool(false);
    for (Weight w : weights) {
      data.text(w.name).tensor(w.name, w.shape, w.elements.length);
    }
    data.setItems().build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      put(zip, "data.pkl", data.end());
      put(zip, "constants.pkl", new Pickle().emptyTuple().end());
      put(zip, "code/__torch__.py", source(result).getBytes(StandardCharsets.UTF_8));
      for (Weight w : weights) {
        byte[] elements = new byte[w.elements.length * Float.BYTES];
        ByteBuffer.wrap(elements).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(w.elements);
        put(zip, "data/" + w.name, elements);
      }
    }
    return bytes.toByteArray();
  }

  /** PyTorch reads entries that are stored, not compressed. */
  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("net/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
