package dev.thumbnet.engine.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.plan.Cost;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, state and modes of a tree of modules. */
final class ModuleTest {
  private static final Device DEVICE = Device.reference();

  /** A residual block with the names of torchvision. */
  private static final class Block extends Module {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Sequential downsample;

    Block(Rng rng) {
      conv1 = child("conv1", new Conv2d(DEVICE, 2, 4, 3, 2, 1, false, rng));
      bn1 = child("bn1", new BatchNorm2d(DEVICE, 4));
      downsample =
          child(
              "downsample",
              new Sequential(
                  new Conv2d(DEVICE, 2, 4, 1, 2, 0, false, rng), new BatchNorm2d(DEVICE, 4)));
    }

    @Override
    public Tensor forward(Tensor x) {
      return Ops.addRelu(bn1.forward(conv1.forward(x)), downsample.forward(x));
    }
  }

  private static Module net(long seed) {
    Rng rng = new Rng(seed);
    return new Sequential(
        new Block(rng), new Flatten(), new Dropout(0.5, rng), new Linear(DEVICE, 16, 3, true, rng));
  }

  private static final Shape INPUT = Shape.of(2, 4, 4, 2);

  @Test
  void statesHaveTheNamesAndTheOrderOfPytorch() {
    assertThat(net(1).stateNames())
        .containsExactly(
            "0.conv1.weight",
            "0.bn1.weight",
            "0.bn1.bias",
            "0.bn1.running_mean",
            "0.bn1.running_var",
            "0.bn1.num_batches_tracked",
            "0.downsample.0.weight",
            "0.downsample.1.weight",
            "0.downsample.1.bias",
            "0.downsample.1.running_mean",
            "0.downsample.1.running_var",
            "0.downsample.1.num_batches_tracked",
            "3.weight",
            "3.bias");
    assertThat(net(1).state().counters())
        .containsOnlyKeys("0.bn1.num_batches_tracked", "0.downsample.1.num_batches_tracked");
    assertThat(net(1).namedBuffers())
        .containsOnlyKeys(
            "0.bn1.running_mean",
            "0.bn1.running_var",
            "0.downsample.1.running_mean",
            "0.downsample.1.running_var");
  }

  @Test
  void parametersKnowTheirKind() {
    Map<String, Parameter> parameters = net(1).namedParameters();
    assertThat(parameters.get("0.conv1.weight").kind()).isEqualTo(Kind.WEIGHT);
    assertThat(parameters.get("0.bn1.weight").kind()).isEqualTo(Kind.NORMALIZATION);
    assertThat(parameters.get("0.bn1.bias").kind()).isEqualTo(Kind.NORMALIZATION);
    assertThat(parameters.get("3.weight").kind()).isEqualTo(Kind.WEIGHT);
    assertThat(parameters.get("3.bias").kind()).isEqualTo(Kind.BIAS);
    assertThat(net(1).parameterCount()).isEqualTo(72 + 8 + 8 + 8 + 48 + 3);
  }

  @Test
  void namesAreUniqueAndWithoutDots() {
    final class Bad extends Module {
      Bad(String... names) {
        for (String name : names) {
          child(name, new ReLU());
        }
      }

      @Override
      public Tensor forward(Tensor x) {
        return x;
      }
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Bad("a", "a"))
        .withMessageContaining("name a is taken");
    assertThatIllegalArgumentException().isThrownBy(() -> new Bad("a.b"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Bad(""));
  }

  @Test
  void aLoadedStateGivesTheSameResults() {
    Module source = net(1);
    Tensor x = Tensor.full(DEVICE, 0.3, INPUT.toArray());
    source.forward(x); // moves the running statistics
    Module target = net(2);
    target.load(source.state());
    source.eval();
    target.eval();
    assertThat(target.forward(x).toDoubleArray()).isEqualTo(source.forward(x).toDoubleArray());
    assertThat(target.state().counters()).isEqualTo(source.state().counters());
    assertThat(target.state().counters().get("0.bn1.num_batches_tracked")).isEqualTo(1);
    assertThat(target.state().tensors().get("3.bias"))
        .isNotSameAs(source.state().tensors().get("3.bias"));
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    Module target = net(2);
    double[] before = target.state().tensors().get("0.conv1.weight").toDoubleArray();
    Map<String, Tensor> tensors = new LinkedHashMap<>(net(1).state().tensors());
    tensors.remove("0.bn1.bias");
    tensors.put("fc.weight", Tensor.zeros(DEVICE, 1));
    tensors.put("3.bias", Tensor.zeros(DEVICE, 4));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> target.load(new State(tensors, Map.of())))
        .withMessageContaining("tensor 0.bn1.bias is missing")
        .withMessageContaining("tensor fc.weight is not expected")
        .withMessageContaining("counter 0.bn1.num_batches_tracked is missing")
        .withMessageContaining("3.bias must have shape (3), not (4)");
    assertThat(target.state().tensors().get("0.conv1.weight").toDoubleArray()).isEqualTo(before);
  }

  @Test
  void modesAndFreezingReachTheWholeTree() {
    Module net = net(1);
    assertThat(net.modules()).hasSize(10).allMatch(Module::training);
    net.eval();
    assertThat(net.modules()).noneMatch(Module::training);
    net.train();
    assertThat(net.modules()).allMatch(Module::training);
    net.requiresGrad(false);
    Tensor x = Tensor.full(DEVICE, 0.3, INPUT.toArray());
    assertThat(net.forward(x).requiresGrad()).isFalse();
    net.requiresGrad(true);
    Ops.sum(net.forward(x)).backward();
    assertThat(net.parameters()).allMatch(p -> p.tensor().grad() != null);
    net.zeroGrad();
    assertThat(net.parameters()).allMatch(p -> p.tensor().grad() == null);
  }

  @Test
  void aFrozenModuleStillPassesGradientsToItsInput() {
    Module net = net(1);
    net.requiresGrad(false);
    net.eval();
    Tensor x = Tensor.full(DEVICE, 0.3, INPUT.toArray()).requiresGrad(true);
    Ops.sum(net.forward(x)).backward();
    assertThat(x.grad()).isNotNull();
    assertThat(net.parameters()).allMatch(p -> p.tensor().grad() == null);
  }

  /** Training goes on around it, and neither its weights nor its statistics move. */
  @Test
  void whatIsFrozenForGoodStaysOutOfTraining() {
    Module net = net(1);
    Module block = net.children().get("0");
    block.freeze();
    net.train();
    net.requiresGrad(true);
    assertThat(net.training()).isTrue();
    assertThat(block.modules()).noneMatch(Module::training).allMatch(Module::frozen);
    assertThat(net.frozen()).isFalse();
    assertThat(net.frozenNames())
        .contains("0.conv1.weight", "0.bn1.running_var", "0.downsample.1.bias")
        .allMatch(name -> name.startsWith("0."))
        .hasSize(10);
    Ops.sum(net.forward(Tensor.full(DEVICE, 0.3, INPUT.toArray()))).backward();
    net.namedParameters()
        .forEach(
            (name, p) ->
                assertThat(p.tensor().grad() == null).as(name).isEqualTo(name.startsWith("0.")));
    assertThat(net.state().counters().values()).containsOnly(0L);
    assertThat(net.state().tensors().get("0.bn1.running_mean").toDoubleArray()).containsOnly(0);
  }

  @Test
  void reseedingRepeatsTheRandomNumbers() {
    Module drop = new Sequential(new Dropout(0.5, new Rng(1)), new Dropout(0.5, new Rng(1)));
    Tensor x = Tensor.full(DEVICE, 1, 1000);
    drop.reseed(new Rng(7));
    double[] first = drop.forward(x).toDoubleArray();
    double[] second = drop.forward(x).toDoubleArray();
    drop.reseed(new Rng(7));
    assertThat(drop.forward(x).toDoubleArray()).isEqualTo(first).isNotEqualTo(second);
    // Two layers with their own masks keep a quarter; the same mask twice would keep a half.
    long kept = Arrays.stream(first).filter(v -> v != 0).count();
    assertThat(kept).isBetween(190L, 310L);
  }

  @Test
  void costsAreCountedWithoutRunning() {
    Module net = net(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> Cost.of(net, INPUT))
        .withMessageContaining("eval()");
    net.eval();
    Cost cost = Cost.of(net, INPUT);
    assertThat(cost.output()).isEqualTo(Shape.of(2, 3));
    long convolutions = 2 * 2 * 2 * 4 * (9 * 2) + 2 * 2 * 2 * 4 * 2;
    assertThat(cost.macs()).isEqualTo(convolutions + 2 * 16 * 3);
    assertThat(cost.largestActivation()).isEqualTo(2 * 2 * 2 * 4);
    assertThat(cost.output()).isEqualTo(net.forward(Tensor.zeros(DEVICE, INPUT.toArray())).shape());
  }

  @Test
  void childrenAreInOrder() {
    assertThat(net(1).children().keySet()).containsExactlyElementsOf(List.of("0", "1", "2", "3"));
  }
}
