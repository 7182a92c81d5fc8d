package dev.thumbnet.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.AdaptiveAvgPool2d;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Dropout;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.nn.State;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole trainings in miniature: they learn, they repeat, and they resume. */
final class TrainingTest {
  private static final Device DEVICE = Device.reference();
  private static final int SAMPLES = 64;
  private static final int CLASSES = 4;

  /** Random inputs with random labels, which can only be learnt by heart. */
  private record Data(Tensor x, int[] labels) {
    static Data random(Device device, int... dims) {
      Rng rng = new Rng(11);
      int[] shape = new int[dims.length + 1];
      shape[0] = SAMPLES;
      System.arraycopy(dims, 0, shape, 1, dims.length);
      Tensor x = Tensor.zeros(device, shape);
      double[] values = new double[x.size()];
      Arrays.setAll(values, _ -> rng.nextGaussian());
      x.copyFrom(values);
      int[] labels = new int[SAMPLES];
      Arrays.setAll(labels, _ -> rng.nextInt(CLASSES));
      return new Data(x, labels);
    }
  }

  private static Module mlp(Device device) {
    Rng rng = new Rng(3);
    return new Sequential(
        new Linear(device, 10, 32, true, rng),
        new ReLU(),
        new Linear(device, 32, CLASSES, true, rng));
  }

  private static Module cnn(Device device, double dropout) {
    Rng rng = new Rng(3);
    return new Sequential(
        new Conv2d(device, 3, 8, 3, 1, 1, false, rng),
        new BatchNorm2d(device, 8),
        new ReLU(),
        new MaxPool2d(2, 2, 0),
        new Conv2d(device, 8, 16, 3, 1, 1, false, rng),
        new BatchNorm2d(device, 16),
        new ReLU(),
        new AdaptiveAvgPool2d(2, 2),
        new Flatten(),
        new Dropout(dropout, rng),
        new Linear(device, 64, CLASSES, true, rng));
  }

  /** A training that can be stopped and continued. */
  private static final class Training {
    private final Module net;
    private final Data data;
    private final Optimizer optimizer;
    private final Ema ema;
    private final LrSchedule schedule;

    Training(Module net, Data data, Function<List<ParamGroup>, Optimizer> maker, LrSchedule rates) {
      this.net = net;
      this.data = data;
      this.optimizer = maker.apply(ParamGroup.split("", net, 1e-4));
      this.ema = new Ema(net, 0.9);
      this.schedule = rates;
    }

    /** Runs some steps and returns the loss of each. */
    List<Double> run(int from, int to) {
      List<Double> losses = new ArrayList<>();
      for (int step = from; step < to; step++) {
        net.reseed(new Rng(5).split(step));
        optimizer.zeroGrad();
        try (var _ = new TensorScope()) {
          Tensor loss = Ops.crossEntropy(net.forward(data.x), data.labels, 0);
          loss.backward();
          losses.add(loss.item());
        }
        optimizer.step(schedule.at(step));
        ema.update();
      }
      return losses;
    }

    /** Returns copies of all states. */
    List<State> snapshot() {
      return Stream.of(net.state(), optimizer.state(), ema.state())
          .map(TrainingTest::copy)
          .toList();
    }

    void load(List<State> states) {
      net.load(states.get(0));
      optimizer.load(states.get(1));
      ema.load(states.get(2));
    }

    double accuracy() {
      double[] logits = net.forward(data.x).toDoubleArray();
      int right = 0;
      for (int i = 0; i < SAMPLES; i++) {
        int best = 0;
        for (int j = 1; j < CLASSES; j++) {
          best = logits[i * CLASSES + j] > logits[i * CLASSES + best] ? j : best;
        }
        right += best == data.labels[i] ? 1 : 0;
      }
      return (double) right / SAMPLES;
    }
  }

  private static Optimizer sgd(List<ParamGroup> groups) {
    return new Sgd(groups, 0.9, true);
  }

  static List<Device> devices() {
    return List.of(Device.reference(), Device.cpu());
  }

  @ParameterizedTest
  @MethodSource("devices")
  void exclusiveOrIsLearnt(Device device) {
    Tensor x = Tensor.of(device, new double[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
    int[] labels = {0, 1, 1, 0};
    Rng rng = new Rng(2);
    Module net =
        new Sequential(
            new Linear(device, 2, 8, true, rng), new ReLU(), new Linear(device, 8, 2, true, rng));
    Sgd sgd = new Sgd(List.of(ParamGroup.all("", net, 0)), 0.9, false);
    double loss = 1;
    for (int step = 0; step < 300; step++) {
      sgd.zeroGrad();
      Tensor t = Ops.crossEntropy(net.forward(x), labels, 0);
      t.backward();
      sgd.step(0.1);
      loss = t.item();
    }
    assertThat(loss).isLessThan(0.01);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void anMlpLearnsRandomLabelsByHeart(Device device) {
    Training training =
        new Training(
            mlp(device), Data.random(device, 10), AdamW::new, LrSchedule.oneCycle(0.03, 200, 0.3));
    List<Double> losses = training.run(0, 200);
    assertThat(losses.getLast()).isLessThan(0.05).isLessThan(losses.getFirst() / 20);
    assertThat(training.accuracy()).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("devices")
  void aCnnLearnsRandomLabelsByHeart(Device device) {
    Training training =
        new Training(
            cnn(device, 0),
            Data.random(device, 8, 8, 3),
            TrainingTest::sgd,
            LrSchedule.cosine(0.1, 0, 80).withWarmup(5));
    List<Double> losses = training.run(0, 80);
    assertThat(losses.getLast()).isLessThan(0.05).isLessThan(losses.getFirst() / 20);
    assertThat(training.accuracy()).isEqualTo(1);
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    List<State> expected = null;
    for (int threads : new int[] {1, 2, 3, 1}) {
      try (Device device = Device.cpu(threads)) {
        Training training =
            new Training(
                cnn(device, 0.3),
                Data.random(device, 24, 24, 3),
                TrainingTest::sgd,
                LrSchedule.constant(0.05));
        assertThat(training.run(0, 3)).allMatch(Double::isFinite);
        List<State> states = training.snapshot();
        expected = expected == null ? states : expected;
        assertSame(states, expected);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Training a = regularised(TrainingTest::sgd);
    Training b = regularised(TrainingTest::sgd);
    assertThat(a.run(0, 4)).isEqualTo(b.run(0, 4));
    assertSame(a.snapshot(), b.snapshot());
  }

  @Test
  void aResumedSgdTrainingGivesTheSameBits() {
    assertResumes(TrainingTest::sgd);
  }

  @Test
  void aResumedAdamTrainingGivesTheSameBits() {
    assertResumes(AdamW::new);
  }

  private static Training regularised(Function<List<ParamGroup>, Optimizer> maker) {
    return new Training(
        cnn(DEVICE, 0.3), Data.random(DEVICE, 8, 8, 3), maker, LrSchedule.cosine(0.01, 0, 10));
  }

  private static void assertResumes(Function<List<ParamGroup>, Optimizer> maker) {
    Training whole = regularised(maker);
    whole.run(0, 6);
    Training first = regularised(maker);
    first.run(0, 3);
    Training second = regularised(maker);
    second.load(first.snapshot());
    second.run(3, 6);
    assertSame(whole.snapshot(), second.snapshot());
  }

  private static State copy(State state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    state.tensors().forEach((name, t) -> tensors.put(name, t.copy().to(Device.reference())));
    return new State(tensors, state.counters());
  }

  private static void assertSame(List<State> a, List<State> b) {
    for (int i = 0; i < a.size(); i++) {
      Map<String, Tensor> right = b.get(i).tensors();
      assertThat(a.get(i).counters()).isEqualTo(b.get(i).counters());
      assertThat(a.get(i).tensors().keySet()).isEqualTo(right.keySet());
      a.get(i)
          .tensors()
          .forEach(
              (name, t) ->
                  assertThat(t.toDoubleArray())
                      .as(name)
                      .isEqualTo(right.get(name).toDoubleArray()));
    }
  }
}
