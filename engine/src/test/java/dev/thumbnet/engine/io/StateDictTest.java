package dev.thumbnet.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.ConvTranspose2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Conv2dOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Weights reach their places whatever the layout of the file, and all that does not fit is listed.
 */
class StateDictTest {
  private static final Device DEVICE = Device.cpu();
  private static final float NAN = Float.NaN;

  /** Pictures of 3x2 with 4 channels to 5 numbers. */
  private static Sequential network(long seed) {
    Rng rng = new Rng(seed);
    return new Sequential(
        new Conv2d(DEVICE, 4, 6, 3, 1, Conv2dOptions.of(1, 0).withGroups(2), true, rng),
        new BatchNorm2d(DEVICE, 6),
        new Flatten(),
        new Linear(DEVICE, 1 * 2 * 6, 5, true, rng));
  }

  private static StateDict dict(Module network) {
    return StateDict.of(network).flattened("3.weight", 1, 2);
  }

  private static float[] counting(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return values;
  }

  /** A file for {@link #network} in PyTorch's layout: each element is its index there. */
  private static SafeTensorsWriter file() {
    return new SafeTensorsWriter()
        .put("0.weight", new long[] {6, 2, 3, 1}, counting(36))
        .put("0.bias", new long[] {6}, counting(6))
        .put("1.weight", new long[] {6}, counting(6))
        .put("1.bias", DType.F16, new long[] {6}, counting(6))
        .put("1.running_mean", DType.BF16, new long[] {6}, counting(6))
        .put("1.running_var", DType.F64, new long[] {6}, counting(6))
        .put("1.num_batches_tracked", DType.I64, new long[0], new long[] {1234567890123L})
        .put("3.weight", new long[] {5, 12}, counting(60))
        .put("3.bias", new long[] {5}, counting(5));
  }

  private static SafeTensors open(SafeTensorsWriter writer) {
    return SafeTensors.of("weights", SafeTensorsTest.bytes(writer));
  }

  /** PyTorch has (in, out / groups, kh, kw). */
  @Test
  void weightsOfTransposedConvolutionsHaveTheirInputsFirst() {
    Conv2dOptions grouped = Conv2dOptions.of(1, 0).withGroups(2);
    Module layer = new ConvTranspose2d(DEVICE, 4, 6, 2, 1, grouped, 0, 0, false, null);
    SafeTensorsWriter file =
        new SafeTensorsWriter().put("weight", new long[] {4, 3, 2, 1}, counting(24));
    StateDict.of(layer).load(open(file));
    float[] weight = layer.state().tensors().get("weight").toArray();
    for (int i = 0; i < 24; i++) {
      int in = i % 4;
      int out = i / 4 % 3;
      int row = i / 12;
      assertThat(weight[i]).isEqualTo((in * 3 + out) * 2 + row);
    }
  }

  @Test
  void putsEachElementInItsPlace() {
    Sequential network = network(1);
    dict(network).load(open(file()));
    Map<String, Tensor> state = network.state().tensors();
    float[] kernel = state.get("0.weight").toArray();
    for (int h = 0; h < 3; h++) {
      for (int in = 0; in < 2; in++) {
        for (int out = 0; out < 6; out++) {
          assertThat(kernel[(h * 2 + in) * 6 + out]).isEqualTo((out * 2 + in) * 3 + h);
        }
      }
    }
    float[] matrix = state.get("3.weight").toArray();
    for (int w = 0; w < 2; w++) {
      for (int c = 0; c < 6; c++) {
        for (int out = 0; out < 5; out++) {
          assertThat(matrix[(w * 6 + c) * 5 + out]).isEqualTo(out * 12 + c * 2 + w);
        }
      }
    }
    for (String name : List.of("0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var")) {
      assertThat(state.get(name).toArray()).as(name).isEqualTo(counting(6));
    }
    assertThat(network.state().counters())
        .containsExactly(Map.entry("1.num_batches_tracked", 1234567890123L));
  }

  @Test
  void aLinearLayerThatFollowsNoPictureIsTransposed() {
    Sequential network = new Sequential(new Linear(DEVICE, 3, 2, false, new Rng(1)));
    StateDict.of(network)
        .load(open(new SafeTensorsWriter().put("0.weight", new long[] {2, 3}, counting(6))));
    assertThat(network.state().tensors().get("0.weight").toArray())
        .containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void whatIsWrittenInPyTorchsLayoutIsReadBack() {
    Sequential network = network(1);
    SafeTensorsWriter writer = new SafeTensorsWriter();
    dict(network).putInto(writer);
    SafeTensors written = open(writer);
    assertThat(written.tensors().keySet())
        .containsExactlyInAnyOrderElementsOf(network.stateNames());
    assertThat(written.tensor("0.weight").shape()).containsExactly(6, 2, 3, 1);
    assertThat(written.tensor("3.weight").shape()).containsExactly(5, 12);
    assertThat(written.tensor("1.num_batches_tracked").toString())
        .isEqualTo("1.num_batches_tracked I64 []");

    Sequential other = network(2);
    dict(other).load(written);
    network
        .state()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(other.state().tensors().get(name).toArray())
                    .as(name)
                    .isEqualTo(tensor.toArray()));
  }

  @Test
  void writingWhatWasReadGivesTheSameElements() {
    Sequential network = network(1);
    dict(network).load(open(file()));
    SafeTensorsWriter writer = new SafeTensorsWriter();
    dict(network).putInto(writer);
    SafeTensors before = open(file());
    SafeTensors after = open(writer);
    for (String name : List.of("0.weight", "3.weight", "1.running_var")) {
      assertThat(after.tensor(name).floats()).isEqualTo(before.tensor(name).floats());
    }
  }

  @Test
  void listsAllThatDoesNotFitAndChangesNothing() {
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .put("0.weight", new long[] {3, 1, 2, 6}, counting(36))
            .put("0.bias", DType.I32, new long[] {6}, new long[6])
            .put("1.num_batches_tracked", new long[0], new float[1])
            .put("3.bias", new long[] {5}, counting(5))
            .put("fc.bias", new long[] {5}, counting(5));
    Sequential network = network(1);
    assertThatThrownBy(() -> dict(network).load(open(writer)))
        .isInstanceOfSatisfying(
            StateDictException.class,
            e -> {
              assertThat(e.mismatch().missing())
                  .containsExactly(
                      "1.weight", "1.bias", "1.running_mean", "1.running_var", "3.weight");
              assertThat(e.mismatch().unexpected()).containsExactly("fc.bias");
              assertThat(e.mismatch().misshaped())
                  .containsExactly(
                      "0.weight F32 [3, 1, 2, 6] instead of F32 [6, 2, 3, 1]",
                      "0.bias I32 [6] instead of F32 [6]");
            })
        .hasMessageContaining("5 missing (1.weight")
        .hasMessageContaining("1 unexpected (fc.bias)");
    assertThat(network.state().tensors().get("3.bias").toArray())
        .isEqualTo(network(1).state().tensors().get("3.bias").toArray());
  }

  @Test
  void loadsWhatFitsAndReportsTheRest() {
    Sequential network = network(1);
    SafeTensorsWriter writer =
        new SafeTensorsWriter()
            .put("0.bias", new long[] {6}, counting(6))
            .put("3.bias", new long[] {7}, counting(7))
            .put("extra", new long[0], counting(1));
    StateDict.Mismatch mismatch = dict(network).loadMatching(open(writer));
    assertThat(mismatch.misshaped()).containsExactly("3.bias F32 [7] instead of F32 [5]");
    assertThat(mismatch.unexpected()).containsExactly("extra");
    assertThat(mismatch.missing()).hasSize(6);
    Map<String, Tensor> state = network.state().tensors();
    assertThat(state.get("0.bias").toArray()).isEqualTo(counting(6));
    assertThat(state.get("3.bias").toArray())
        .isEqualTo(network(1).state().tensors().get("3.bias").toArray());
  }

  @Test
  void findsItsOwnAmongOtherTensors() {
    SafeTensorsWriter writer = new SafeTensorsWriter();
    dict(network(2)).putInto(writer);
    writer.put("extra", new long[0], counting(1));
    Sequential network = network(1);
    dict(network).loadOwn(open(writer));
    network(2)
        .state()
        .tensors()
        .forEach(
            (name, expected) ->
                assertThat(network.state().tensors().get(name).toArray())
                    .as(name)
                    .isEqualTo(expected.toArray()));
    SafeTensorsWriter incomplete =
        new SafeTensorsWriter().put("0.bias", new long[] {6}, counting(6));
    assertThatThrownBy(() -> dict(network).loadOwn(open(incomplete)))
        .isInstanceOf(StateDictException.class)
        .hasMessageContaining("3.bias");
  }

  /** As of PyTorch before 0.4.1, of old pickles, cast with all the rest, of newer tools. */
  @Test
  void countersThatInferenceNeverUsesDoNotMatter() {
    String counter = "1.num_batches_tracked";
    Map<SafeTensorsWriter, Long> files = new LinkedHashMap<>();
    files.put(without(counter), 0L);
    files.put(without(counter).put(counter, DType.I64, new long[] {1}, new long[] {7}), 7L);
    files.put(without(counter).put(counter, DType.F16, new long[0], new float[] {3}), 3L);
    files.put(without(counter).put(counter, DType.I32, new long[] {2}, new long[] {1, 2}), 0L);
    files.put(without(counter).put(counter, DType.F32, new long[0], new float[] {NAN}), 0L);
    files.put(without(counter).put(counter, DType.I64, new long[0], new long[] {-1}), 0L);
    files.put(without(counter).put(counter, DType.BOOL, new long[0], new long[] {1}), 0L);
    files.put(without(counter).put("0." + counter, new long[0], new float[1]), 0L);
    files.forEach(
        (writer, expected) -> {
          Sequential network = network(1);
          dict(network).load(open(writer));
          assertThat(network.state().counters()).containsExactly(Map.entry(counter, expected));
          assertThat(network.state().tensors().get("1.weight").toArray()).isEqualTo(counting(6));
        });
  }

  /** The file of {@link #file()} without one of its tensors. */
  private static SafeTensorsWriter without(String name) {
    SafeTensors all = open(file());
    SafeTensorsWriter rest = new SafeTensorsWriter();
    for (SafeTensors.Entry entry : all.tensors().values()) {
      if (!entry.name().equals(name)) {
        if (entry.isFloat()) {
          rest.put(entry.name(), entry.shape(), entry.floats());
        } else {
          rest.put(entry.name(), entry.dtype(), entry.shape(), entry.longs());
        }
      }
    }
    return rest;
  }

  @ParameterizedTest
  @CsvSource({
    "0.weight, 22, NaN, '[3, 1, 1, 0]'",
    "0.weight, 35, Infinity, '[5, 1, 2, 0]'",
    "3.weight, 25, -Infinity, '[2, 1]'",
    "1.running_mean, 4, 2e15, '[4]'",
    "1.running_var, 5, -1e-9, '[5]'",
    "1.running_var, 0, NaN, '[0]'"
  })
  void numbersThatNoTrainingLeavesAreNamed(String name, int index, float value, String place) {
    float[] values = open(file()).tensor(name).floats();
    values[index] = value;
    SafeTensorsWriter writer = without(name).put(name, open(file()).tensor(name).shape(), values);
    Sequential network = network(1);
    assertThatThrownBy(() -> dict(network).load(open(writer)))
        .isInstanceOf(SafeTensorsException.class)
        .hasMessageStartingWith("weights: tensor \"" + name + "\" has " + value + " at " + place);
    assertThat(network.state().tensors().get("0.bias").toArray())
        .isEqualTo(network(1).state().tensors().get("0.bias").toArray());
  }

  @Test
  void namesMayHaveAPrefix() {
    SafeTensorsWriter prefixed = new SafeTensorsWriter();
    for (SafeTensors.Entry entry : open(without("1.num_batches_tracked")).tensors().values()) {
      prefixed.put("module." + entry.name(), entry.shape(), entry.floats());
    }
    SafeTensors file = open(prefixed.put("module", new long[0], new float[1]));
    Sequential network = network(1);
    dict(network).load(file.under("module."));
    assertThat(network.state().tensors().get("1.running_var").toArray()).isEqualTo(counting(6));
    assertThat(file.under("").tensors()).isEqualTo(file.tensors());
    assertThat(file.under("none.").tensors()).isEmpty();
  }

  /** What fits is known before anything is allocated. */
  @Test
  void comparesWithoutNumbers() {
    Device meta = Device.meta();
    Sequential shapes = new Sequential(new Linear(meta, 100_000, 20_000, false, null));
    StateDict.Mismatch mismatch =
        StateDict.of(shapes)
            .compare(open(new SafeTensorsWriter().put("0.weight", new long[0], new float[1])));
    assertThat(mismatch.misshaped())
        .containsExactly("0.weight F32 [] instead of F32 [20000, 100000]");
  }

  @Test
  void refusesAPictureThatALayerCannotHave() {
    assertThatThrownBy(() -> StateDict.of(network(1)).flattened("3.weight", 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3.weight has 12 inputs");
    assertThatThrownBy(() -> StateDict.of(network(1)).flattened("0.weight", 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no linear layer");
    assertThatThrownBy(() -> StateDict.of(network(1)).flattened("4.weight", 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no linear layer");
  }
}
