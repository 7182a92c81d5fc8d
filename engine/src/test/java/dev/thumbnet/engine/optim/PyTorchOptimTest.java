package dev.thumbnet.engine.optim;

import static dev.thumbnet.engine.testing.Golden.Case.Kind.PLAIN;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.Parameter;
import dev.thumbnet.engine.op.Ops;
import dev.thumbnet.engine.testing.Close;
import dev.thumbnet.engine.testing.Golden;
import dev.thumbnet.engine.testing.Golden.Case;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Trajectories of optimisers on given gradients, and learning rates, against PyTorch. */
final class PyTorchOptimTest {
  private static final Golden GOLDEN = Golden.read("optim.safetensors");

  private static Stream<DynamicTest> tests(String op, Function<Case, Runnable> check) {
    return GOLDEN.cases(op).stream()
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check.apply(c).run()));
  }

  @TestFactory
  Stream<DynamicTest> optimizers() {
    return Stream.of("sgd", "adam", "adamw")
        .flatMap(
            op ->
                Stream.of(Device.reference(), Device.cpu())
                    .flatMap(device -> tests(op, c -> () -> follow(c, op, device))));
  }

  private static Optimizer make(Case c, String op, Parameter weight) {
    List<ParamGroup> groups =
        List.of(new ParamGroup(Map.of("w", weight), 1, c.number("weight_decay")));
    if (op.equals("sgd")) {
      return new Sgd(groups, c.number("momentum"), c.number("nesterov") == 1);
    }
    double[] betas = c.parameters().get("betas");
    return op.equals("adam")
        ? new Adam(groups, betas[0], betas[1], c.number("eps"))
        : new AdamW(groups, betas[0], betas[1], c.number("eps"));
  }

  private static void follow(Case c, String op, Device device) {
    Tensor weight = c.tensor("w0", PLAIN, device);
    Optimizer optimizer = make(c, op, new Parameter(weight, Parameter.Kind.WEIGHT));
    int size = weight.size();
    double[] gradients = c.values("g", PLAIN);
    double[] expected = c.values("w", PLAIN);
    double[] rates = c.values("lr", PLAIN);
    for (int t = 0; t < rates.length; t++) {
      Tensor gradient = Tensor.of(device, slice(gradients, t, size), size);
      optimizer.zeroGrad();
      Ops.sum(Ops.mul(weight, gradient)).backward();
      optimizer.step(rates[t]);
      // Each step adds a few roundings of numbers of the size of 1 to the float weights.
      double allowed = device == Device.reference() ? 1e-12 : 8 * (t + 1) * Close.FLOAT;
      Close.assertClose(
          c + ": step " + t + " on " + device,
          slice(expected, t, size),
          weight.toDoubleArray(),
          allowed,
          allowed);
    }
  }

  private static double[] slice(double[] rows, int row, int size) {
    return Arrays.copyOfRange(rows, row * size, (row + 1) * size);
  }

  @TestFactory
  Stream<DynamicTest> schedules() {
    return Stream.of(
            schedule(
                "step_lr",
                c -> {
                  long size = (long) c.number("step_size");
                  long[] milestones = LongStream.rangeClosed(1, 20).map(i -> i * size).toArray();
                  return LrSchedule.step(c.number("base_lr"), c.number("gamma"), milestones);
                }),
            schedule(
                "multi_step_lr",
                c ->
                    LrSchedule.step(
                        c.number("base_lr"),
                        c.number("gamma"),
                        Arrays.stream(c.integers("milestones")).asLongStream().toArray())),
            schedule(
                "cosine_annealing_lr",
                c ->
                    LrSchedule.cosine(
                        c.number("base_lr"), c.number("eta_min"), (long) c.number("T_max"))),
            schedule(
                "one_cycle_lr",
                c ->
                    LrSchedule.oneCycle(
                        c.number("max_lr"), (long) c.number("total_steps"), c.number("pct_start"))))
        .flatMap(tests -> tests);
  }

  private static Stream<DynamicTest> schedule(String op, Function<Case, LrSchedule> make) {
    return tests(
        op,
        c ->
            () -> {
              LrSchedule schedule = make.apply(c);
              double[] expected = c.values("lr", PLAIN);
              double[] actual =
                  LongStream.range(0, expected.length).mapToDouble(schedule::at).toArray();
              Close.assertClose(c.toString(), expected, actual, 1e-15, 1e-12);
            });
  }
}
