package dev.thumbnet.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.nn.Parameter.Kind;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Optimisers against numbers worked out by hand from PyTorch's definitions. */
final class OptimizerTest {
  private static final Device DEVICE = Device.reference();

  private static Parameter parameter(double value) {
    return new Parameter(Tensor.full(DEVICE, value, 1), Kind.WEIGHT);
  }

  private static List<ParamGroup> group(Parameter p, double decay) {
    return List.of(new ParamGroup(Map.of("w", p), 1, decay));
  }

  /** Gives the parameter a gradient by differentiating gradient · w. */
  private static void give(Parameter p, double gradient) {
    p.tensor().zeroGrad();
    Ops.mul(p.tensor(), gradient).backward();
  }

  // ---------------------------------------------------------------- SGD

  /** The rate multiplies the velocity when it is used; it is not stored in it. */
  @Test
  void theVelocityDoesNotContainTheLearningRate() {
    Parameter p = parameter(10);
    Sgd sgd = new Sgd(group(p, 0), 0.5, false);
    give(p, 1);
    sgd.step(1); // v = 1, w = 9
    give(p, 1);
    sgd.step(0.1); // v = 1.5, w = 8.85
    assertThat(p.tensor().item()).isCloseTo(8.85, within(1e-12));
    assertThat(sgd.state().tensors().get("w.momentum_buffer").item()).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void nesterovLooksAheadAndDecayIsPartOfTheGradient() {
    Parameter p = parameter(10);
    Sgd sgd = new Sgd(group(p, 0.1), 0.5, true);
    give(p, 1);
    sgd.step(1); // g' = 2, v = 2, w = 10 − (2 + 1) = 7
    assertThat(p.tensor().item()).isCloseTo(7, within(1e-12));
    give(p, 1);
    sgd.step(1); // g' = 1.7, v = 2.7, w = 7 − (1.7 + 1.35)
    assertThat(p.tensor().item()).isCloseTo(3.95, within(1e-12));
  }

  @Test
  void withoutMomentumThereIsNoState() {
    Parameter p = parameter(10);
    Sgd sgd = new Sgd(group(p, 0.1), 0, false);
    give(p, 1);
    sgd.step(0.5);
    assertThat(p.tensor().item()).isCloseTo(9, within(1e-12));
    assertThat(sgd.state().tensors()).isEmpty();
  }

  // ---------------------------------------------------------------- Adam

  @Test
  void adamFollowsItsDefinition() {
    Parameter p = parameter(1);
    Adam adam = new Adam(group(p, 0.5), 0.9, 0.99, 1e-8);
    double w = 1;
    double m = 0;
    double v = 0;
    double[] gradients = {0.3, -2, 0.7};
    for (int t = 1; t <= gradients.length; t++) {
      give(p, gradients[t - 1]);
      adam.step(0.01 * t);
      double g = gradients[t - 1] + 0.5 * w;
      m = 0.9 * m + 0.1 * g;
      v = 0.99 * v + 0.01 * g * g;
      double mHat = m / (1 - Math.pow(0.9, t));
      double vHat = v / (1 - Math.pow(0.99, t));
      w -= 0.01 * t * mHat / (Math.sqrt(vHat) + 1e-8);
      assertThat(p.tensor().item()).isCloseTo(w, within(1e-12));
    }
    assertThat(adam.state().counters()).containsEntry("w.step", 3L);
  }

  @Test
  void adamWScalesTheWeightApartFromTheGradient() {
    Parameter p = parameter(2);
    AdamW adamW = new AdamW(group(p, 0.5));
    give(p, 3);
    adamW.step(0.1); // the first step of Adam is lr · sign(g)
    assertThat(p.tensor().item()).isCloseTo(2 * (1 - 0.1 * 0.5) - 0.1, within(1e-8));
  }

  @Test
  void eachParameterCountsItsOwnSteps() {
    Parameter early = parameter(0);
    Parameter late = parameter(0);
    Adam adam =
        new Adam(
            List.of(
                new ParamGroup(Map.of("early", early), 1, 0),
                new ParamGroup(Map.of("late", late), 1, 0)));
    for (int i = 0; i < 10; i++) {
      give(early, 1);
      adam.step(0.1);
    }
    give(late, 1);
    adam.step(0.1);
    assertThat(late.tensor().item()).isCloseTo(-0.1, within(1e-8));
    assertThat(adam.state().counters())
        .containsEntry("early.step", 11L)
        .containsEntry("late.step", 1L);
  }

  // ---------------------------------------------------------------- groups

  @Test
  void parametersWithoutAGradientAndFrozenOnesAreLeftAlone() {
    Parameter idle = parameter(1);
    Parameter frozen = parameter(1);
    give(frozen, 1);
    frozen.tensor().requiresGrad(false);
    Sgd sgd =
        new Sgd(
            List.of(
                new ParamGroup(Map.of("idle", idle), 1, 0.5),
                new ParamGroup(Map.of("frozen", frozen), 1, 0.5)),
            0.9,
            false);
    sgd.step(1);
    assertThat(idle.tensor().item()).isEqualTo(1);
    assertThat(frozen.tensor().item()).isEqualTo(1);
  }

  @Test
  void groupsHaveTheirOwnRateAndDecay() {
    Module net =
        new Sequential(new Linear(DEVICE, 2, 2, true, new Rng(1)), new BatchNorm2d(DEVICE, 2));
    List<ParamGroup> split = ParamGroup.split("net.", net, 0.1);
    assertThat(split.get(0).parameters()).containsOnlyKeys("net.0.weight");
    assertThat(split.get(0).weightDecay()).isEqualTo(0.1);
    assertThat(split.get(1).parameters())
        .containsOnlyKeys("net.0.bias", "net.1.weight", "net.1.bias");
    assertThat(split.get(1).weightDecay()).isZero();
    assertThat(ParamGroup.all("", net, 0.1).parameters()).hasSize(4);

    Parameter p = parameter(1);
    give(p, 1);
    new Sgd(List.of(group(p, 0).getFirst().withLrScale(0.1)), 0, false).step(1);
    assertThat(p.tensor().item()).isCloseTo(0.9, within(1e-12));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ParamGroup(Map.of(), 1, -0.1))
        .withMessageContaining("-0.1");
  }

  @Test
  void aParameterIsGivenOnce() {
    Parameter p = parameter(1);
    List<ParamGroup> sameName = new ArrayList<>(group(p, 0));
    sameName.addAll(group(parameter(2), 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sgd(sameName, 0, false))
        .withMessageContaining("w is given twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Sgd(List.of(new ParamGroup(Map.of("a", p, "b", p), 1, 0)), 0, false))
        .withMessageContaining("given twice");
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    List<ParamGroup> none = List.of();
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(none, 1, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sgd(none, 0, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(none, 1, 0.9, 1e-8));
    assertThatIllegalArgumentException().isThrownBy(() -> new Adam(none, 0.9, 0.9, 0));
  }

  @Test
  void aStateOfOtherParametersIsRefused() {
    Sgd sgd = new Sgd(group(parameter(1), 0), 0.9, false);
    State other = new State(Map.of("v.momentum_buffer", Tensor.zeros(DEVICE, 1)), Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sgd.load(other))
        .withMessageContaining("w.momentum_buffer is missing");
  }

  @Test
  void zeroGradDropsAllGradients() {
    Parameter p = parameter(1);
    give(p, 1);
    new Sgd(group(p, 0), 0, false).zeroGrad();
    assertThat(p.tensor().grad()).isNull();
  }

  // ---------------------------------------------------------------- clipping

  @Test
  void clippingKeepsTheDirection() {
    Parameter a = parameter(0);
    Parameter b = parameter(0);
    Parameter idle = parameter(0);
    give(a, 3);
    give(b, -4);
    List<Parameter> all = List.of(a, b, idle);
    assertThat(GradientClipping.byNorm(all, 10)).isCloseTo(5, within(1e-12));
    assertThat(a.tensor().grad().item()).isEqualTo(3);
    assertThat(GradientClipping.byNorm(all, 1)).isCloseTo(5, within(1e-12));
    assertThat(a.tensor().grad().item()).isCloseTo(0.6, within(1e-12));
    assertThat(b.tensor().grad().item()).isCloseTo(-0.8, within(1e-12));
    assertThatIllegalArgumentException().isThrownBy(() -> GradientClipping.byNorm(all, 0));
  }
}
