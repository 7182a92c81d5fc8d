package dev.thumbnet.engine.onnx;

import static dev.thumbnet.engine.onnx.ModelBytes.floats;
import static dev.thumbnet.engine.onnx.ModelBytes.longs;
import static dev.thumbnet.engine.onnx.ModelBytes.tensor;
import static dev.thumbnet.engine.onnx.ModelBytes.whole;
import static dev.thumbnet.engine.onnx.ModelBytes.wholes;
import static dev.thumbnet.engine.onnx.ModelBytes.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.onnx.value.Literal;
import dev.thumbnet.engine.onnx.value.Value.Weight;
import dev.thumbnet.engine.onnx.value.Weights;
import dev.thumbnet.engine.onnx.value.Weights.Role;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever bytes are given: a model, or one typed error of one line. */
class HostileOnnxTest {
  private static final Device CPU = Device.reference();

  /** Many operators with what they are sensitive to: shapes, axes, pads, lengths. */
  private static final byte[] MODEL =
      new ModelBytes()
          .input("x", 0, 2, 6, 6)
          .initializer(floats("w", new long[] {3, 2, 2, 2}, new float[24]))
          .initializer(tensor("b", 1, 3).real(4, 1).real(4, 2).real(4, 3))
          .initializer(longs("start", 0))
          .initializer(longs("end", 2))
          .initializer(longs("open", -1))
          .initializer(longs("pads", 0, 0, 1, 0, 0, 0, 0, 1))
          .initializer(floats("m", new long[] {27, 4}, new float[108]))
          .initializer(floats("scales", new long[] {4}, 1, 1, 2, 2))
          .node(
              "Conv", "a", with(wholes("pads", 1, 0, 0, 1), wholes("strides", 2, 2)), "x", "w", "b")
          .node("Pad", "a1", "a", "pads")
          .node("Resize", "a2", "a1", "", "scales")
          .node(
              "MaxPool",
              "c",
              with(wholes("kernel_shape", 3, 3), wholes("strides", 3, 3), whole("ceil_mode", 1)),
              "a2")
          .node("Transpose", "d", with(wholes("perm", 0, 2, 3, 1)), "c")
          .node("Shape", "e", "d")
          .node("Slice", "f", "e", "start", "end")
          .node("Gather", "f1", "f", "start")
          .node("Concat", "g", with(whole("axis", 0)), "f1", "open")
          .node("Reshape", "h", "d", "g")
          .node("Gemm", "i", "h", "m")
          .node("Split", "j,k", with(whole("axis", 1)), "i")
          .node("Softmax", "l", with(whole("axis", 1)), "j")
          .node("Mul", "y", "l", "k")
          .output("y")
          .bytes();

  private static void readOrRefuse(byte[] bytes) {
    try {
      OnnxModel.read(CPU, bytes);
    } catch (OnnxException e) {
      assertThat(e.getMessage()).startsWith("ONNX: cannot read the model: ").doesNotContain("\n");
    }
  }

  @Example
  void theModelItselfIsFine() {
    OnnxModel model = OnnxModel.read(CPU, MODEL);
    assertThat(model.namedParameters()).hasSize(3);
  }

  @Example
  void everyPieceOfIt() {
    for (int length = 0; length < MODEL.length; length++) {
      byte[] piece = Arrays.copyOf(MODEL, length);
      assertThatThrownBy(() -> OnnxModel.read(CPU, piece))
          .as("%d bytes", length)
          .isInstanceOf(OnnxException.class);
    }
  }

  @Example
  void everyByteOfItOtherwise() {
    for (int place = 0; place < MODEL.length; place++) {
      for (int change : new int[] {1, 2, 0x80, 0xFF}) {
        byte[] changed = MODEL.clone();
        changed[place] ^= (byte) change;
        readOrRefuse(changed);
      }
    }
  }

  /** A change: bytes at a place are replaced by others. */
  record Edit(int place, int removed, byte[] inserted) {
    byte[] apply(byte[] bytes) {
      int from = place % (bytes.length + 1);
      int to = Math.min(bytes.length, from + removed);
      byte[] result = new byte[from + inserted.length + bytes.length - to];
      System.arraycopy(bytes, 0, result, 0, from);
      System.arraycopy(inserted, 0, result, from, inserted.length);
      System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
      return result;
    }
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    Arbitrary<byte[]> inserted =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(6).injectDuplicates(0.2);
    return Combinators.combine(
            Arbitraries.integers().between(0, MODEL.length),
            Arbitraries.integers().between(0, 6),
            inserted)
        .as(Edit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Property(tries = 4000)
  void itWithChanges(@ForAll("edits") List<Edit> edits) {
    byte[] bytes = MODEL;
    for (Edit edit : edits) {
      bytes = edit.apply(bytes);
    }
    readOrRefuse(bytes);
  }

  @Property(tries = 500)
  void anyBytes(@ForAll byte[] bytes) {
    readOrRefuse(bytes);
  }

  /** 2⁶⁰ bytes are said to follow, in a field of every kind of message. */
  @Example
  void lengthsThatCannotBe() {
    byte[] length = {-128, -128, -128, -128, -128, -128, -128, -128, 16};
    for (int place = 0; place < MODEL.length; place++) {
      byte[] changed = new Edit(place, 1, length).apply(MODEL);
      readOrRefuse(changed);
    }
  }

  @Example
  void extentsThatCannotBe() {
    for (long extent : new long[] {0, 1 << 20, Integer.MAX_VALUE, 1L << 31, 1L << 60, -1}) {
      refused(tensor("w", 1, extent, extent));
      refused(tensor("w", 1, extent, extent, extent, extent));
      long[] padding = new long[8];
      Arrays.fill(padding, extent);
      readOrRefuse(oneNode("Pad", longs("w", padding)));
      readOrRefuse(oneNode("Reshape", longs("w", extent, extent)));
      readOrRefuse(oneNode("Expand", longs("w", extent, extent, extent, extent)));
      readOrRefuse(oneNode("Tile", longs("w", extent, 1, 1, extent)));
      readOrRefuse(oneNode("Gather", longs("w", extent)));
      readOrRefuse(oneNode("Upsample", floats("w", new long[] {4}, 1, 1, extent, extent)));
      readOrRefuse(filled(extent));
    }
  }

  private static void refused(Protobuf weight) {
    byte[] bytes = oneNode("Add", weight);
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes)).isInstanceOf(OnnxException.class);
  }

  private static byte[] oneNode(String operator, Protobuf weight) {
    return new ModelBytes()
        .input("x", 0, 2, 3, 3)
        .initializer(weight)
        .node(operator, "y", "x", "w")
        .output("y")
        .bytes();
  }

  private static byte[] filled(long extent) {
    return new ModelBytes()
        .input("x", 0, 2, 3, 3)
        .initializer(longs("dims", extent, extent, extent))
        .node("ConstantOfShape", "w", "dims")
        .node("Add", "y", "x", "w")
        .output("y")
        .bytes();
  }

  /** Each node doubles a list: sixty of them would have 2⁶⁰ numbers. */
  @Example
  void listsThatGrow() {
    ModelBytes model = new ModelBytes().input("x", 0, 2).initializer(longs("l0", 1, 1));
    for (int i = 0; i < 60; i++) {
      model.node("Concat", "l" + (i + 1), with(whole("axis", 0)), "l" + i, "l" + i);
    }
    byte[] bytes = model.node("Reshape", "y", "x", "l60").output("y").bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("too large for what is known beforehand");
  }

  /** Values that grow have no numbers while a model is read. */
  @Example
  void valuesThatGrow() {
    ModelBytes model = new ModelBytes().input("x", 0, 2);
    model.node("Identity", "v0", "x");
    for (int i = 0; i < 60; i++) {
      model.node("Concat", "v" + (i + 1), with(whole("axis", 1)), "v" + i, "v" + i);
    }
    byte[] bytes = model.node("Relu", "y", "v60").output("y").bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes)).isInstanceOf(OnnxException.class);
  }

  @Example
  void manyNodesInARow() {
    ModelBytes model = new ModelBytes().input("x", 0, 2).node("Identity", "v0", "x");
    for (int i = 0; i < 20_000; i++) {
      model.node("Relu", "v" + (i + 1), "v" + i);
    }
    OnnxModel read = OnnxModel.read(CPU, model.output("v20000").bytes());
    assertThat(read.outputNames()).containsExactly("v20000");
  }

  /** There is nothing in it, and yet an axis of it is too long for a list of indices. */
  @Example
  void partsOfNothing() {
    for (String operator : List.of("Slice", "Split")) {
      byte[] bytes =
          new ModelBytes()
              .input("x", 0, 2)
              .initializer(tensor("empty", 7, 1 << 30, 0).bytes(9, new byte[0]))
              .initializer(longs("one", 1))
              .initializer(longs("most", (1 << 30) - 1))
              .initializer(longs("parts", 1, (1 << 30) - 1))
              .node(operator, "y", "empty", operator.equals("Slice") ? "one" : "parts", "most")
              .output("y")
              .bytes();
      assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("too many to list");
    }
  }

  @Example
  void normalizationThatAlwaysTrains() {
    float[] ones = {1, 1};
    ModelBytes model = new ModelBytes().input("x", 0, 2, 3, 3);
    for (String name : List.of("gamma", "beta", "mean", "variance")) {
      model.initializer(floats(name, new long[] {2}, ones));
    }
    byte[] bytes =
        model
            .node(
                "BatchNormalization",
                "y",
                with(whole("training_mode", 1)),
                "x",
                "gamma",
                "beta",
                "mean",
                "variance")
            .output("y")
            .bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("export the model in evaluation mode");
  }

  @Example
  void nothingBackwards() {
    byte[] bytes =
        new ModelBytes()
            .input("x", 0, 2)
            .initializer(tensor("empty", 7, 0).bytes(9, new byte[0]))
            .initializer(longs("start", 0))
            .initializer(longs("end", -5))
            .initializer(longs("axis", 0))
            .initializer(longs("step", -1))
            .initializer(longs("wanted", -1, 2))
            .node("Slice", "none", "empty", "start", "end", "axis", "step")
            .node("Concat", "shape", with(whole("axis", 0)), "none", "wanted")
            .node("Reshape", "y", "x", "shape")
            .output("y")
            .bytes();
    assertThat(OnnxModel.read(CPU, bytes).outputNames()).containsExactly("y");
  }

  @Example
  void tensorsWithoutElements() {
    byte[] constant =
        new ModelBytes()
            .input("x", 0, 2, 3, 3)
            .initializer(tensor("empty", 7, 0, 3).bytes(9, new byte[0]))
            .node("ReduceMean", "a", "empty")
            .node("Add", "y", "x", "a")
            .output("y")
            .bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, constant))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("a constant that has no elements");
    byte[] expanded =
        new ModelBytes()
            .input("x", 0, 1, 3)
            .initializer(longs("wanted", 1, 0, 3))
            .node("Expand", "a", "x", "wanted")
            .node("ReduceMean", "y", "a")
            .output("y")
            .bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, expanded))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("is not repeated to [1, 0, 3]");
  }

  /** What constants alone make has no numbers while a model is read, either: here 2³⁰. */
  @Example
  void constantsThatGrow() {
    byte[] bytes =
        new ModelBytes()
            .input("x", 0, 2)
            .initializer(tensor("one", 7, 1, 1, 1, 1).integer(7, 1))
            .initializer(longs("repeats", 1, 1, 1 << 15, 1 << 15))
            .node("Tile", "y", "one", "repeats")
            .output("y")
            .bytes();
    assertThat(OnnxModel.read(CPU, bytes).outputNames()).containsExactly("y");
  }

  /** A message has room for several problems, however long one is, and counts the others. */
  @Example
  void manyProblems() {
    ModelBytes model = new ModelBytes().input("x", 0, 2);
    model.node("Transpose", "a", with(wholes("perm", new long[5000])), "x").output("a");
    for (int i = 0; i < 30; i++) {
      model.node("Flatten", "b" + i, with(whole("axis", 9)), "x").output("b" + i);
    }
    byte[] bytes = model.bytes();
    assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("perm [0, 0")
        .hasMessageContaining("node 'the b18' (Flatten): there is no axis 9")
        .hasMessageNotContaining("'the b19'")
        .hasMessageContaining("and 11 more");
  }

  /** Each node replaces an axis by four, of numbers known beforehand and of others. */
  @Example
  void axesThatGrow() {
    for (String start : List.of("x", "known")) {
      ModelBytes model =
          new ModelBytes()
              .input("x", 2, 2)
              .initializer(tensor("known", 7, 1, 2).integer(7, 1).integer(7, 1))
              .initializer(tensor("zero", 7, 1, 1, 1, 1).integer(7, 0))
              .node("Gather", "v0", with(whole("axis", 1)), start, "zero");
      for (int i = 0; i < 60; i++) {
        model.node("Gather", "v" + (i + 1), with(whole("axis", 1)), "v" + i, "zero");
      }
      byte[] bytes = model.node("Reshape", "y", "x", "v60").output("y").bytes();
      assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("it wants 17 axes");
    }
  }

  @Example
  void moreOutputsThanThereAre() {
    for (long outputs : new long[] {1, 3, 1 << 30, Long.MAX_VALUE}) {
      byte[] bytes =
          new ModelBytes()
              .opset(18)
              .input("x", 0, 2)
              .initializer(tensor("known", 7, 1 << 30, 0).bytes(9, new byte[0]))
              .node("Split", "a,b", with(whole("num_outputs", outputs)), "known")
              .node("Reshape", "y", "x", "a")
              .output("y")
              .bytes();
      assertThatThrownBy(() -> OnnxModel.read(CPU, bytes))
          .isInstanceOf(OnnxException.class)
          .hasMessageContaining("but has 2");
    }
  }

  /** Who reads an input is found in one walk through the nodes, not one for each input. */
  @Example
  void manyInputs() {
    ModelBytes model = new ModelBytes();
    for (int i = 0; i < 20_000; i++) {
      model.input("x" + i, 0, 2, 2, 2);
      model.node("Add", "v" + (i + 1), i == 0 ? "x0" : "v" + i, "x" + i);
    }
    OnnxModel read = OnnxModel.read(CPU, model.output("v20000").bytes());
    assertThat(read.inputNames()).hasSize(20_000);
  }

  /** The shape of such a constant may be that of the input, and inputs have many shapes. */
  @Example
  void oneTensorIsKeptOfAFilledConstant() {
    Weights weights = new Weights(CPU);
    weights.load(
        new Weights.Registry() {
          @Override
          public void parameter(String name, Parameter parameter) {
            throw new AssertionError(name);
          }

          @Override
          public void buffer(String name, Tensor tensor) {
            throw new AssertionError(name);
          }
        });
    Tensor small = filled(weights, 2, 3);
    assertThat(filled(weights, 2, 3)).isSameAs(small);
    assertThat(filled(weights, 4, 3).toArray()).containsOnly(7).hasSize(12);
    assertThat(filled(weights, 2, 3)).isNotSameAs(small);
  }

  private static Tensor filled(Weights weights, int... dims) {
    Weight weight = new Weight(Literal.filled("f", dims, 7));
    return weights.tensor(weight, weight.arrangement().order(), dims, Role.WEIGHT);
  }
}
