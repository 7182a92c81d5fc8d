package dev.thumbnet.engine.plan;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.PreparedConvolution;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import dev.thumbnet.engine.nn.Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A module compiled for inference. Its forward pass is traced once, without computing anything;
 * then normalisation is folded into the convolutions before it, residual sums and activation
 * functions are fused with them, an algorithm is chosen for each convolution and its weights are
 * packed or transformed, and all intermediate results get their places in a few reused buffers. A
 * plan answers as the module does, up to rounding, and several times faster on small pictures,
 * where preparing weights anew for each call costs more than multiplying by them.
 *
 * <p>A plan keeps its own copy of the weights: what happens to the module afterwards does not
 * matter. It is immutable and any number of threads may use it at once; each call borrows a
 * workspace, of which there are as many as calls ran at the same time. A call allocates nothing
 * once its workspace and number of pictures have been seen.
 *
 * <p>The JVM makes vector code fast only after it has run for a while. So the first call of the
 * first plans in a process, unless it takes long anyhow, runs other code that gives the same bits,
 * see {@link Backend#cold}; and if no call comes within 0.3 seconds, a plan warms up on a black
 * picture, in the background and on all threads of the device, which takes some seconds.
 */
public final class Plan {
  private final Device device;
  private final Shape input;
  private final Shape output;
  private final Program program;
  private final List<Integer> slotSizes;
  private final ColdStart start;
  private final Workspaces workspaces;

  private Plan(Device device, Program program, ColdStart start) {
    this.device = device;
    this.program = program;
    this.start = start;
    this.input = program.input.shape;
    this.output = program.result.shape;
    this.slotSizes = Slots.assign(program.input, program.steps, program.result);
    this.workspaces = new Workspaces(start, program, slotSizes);
  }

  private void prepare(WeightFormat format) {
    Backend first = start.current();
    for (Step step : program.steps) {
      if (step.isConvolution()) {
        step.prepared(prepare(first, step, format));
      }
    }
    workspaces.warmUp();
  }

  private static PreparedConvolution<Storage> prepare(
      Backend backend, Step step, WeightFormat format) {
    if (step.factors == null) {
      return prepare(backend, step, step.weight(), format);
    }
    Tensor scaled = Folding.scaled(step);
    try {
      return prepare(backend, step, scaled, format);
    } finally {
      scaled.release(); // so that the next layer's take the same memory
    }
  }

  private static PreparedConvolution<Storage> prepare(
      Backend backend, Step step, Tensor weight, WeightFormat format) {
    Conv2dProblem p = Objects.requireNonNull(step.convolution);
    Storage bias = step.bias == null ? null : step.bias.storage();
    return step.isTransposed()
        ? backend.prepareTransposed(p, weight.storage(), bias, step.activation, format)
        : backend.prepare(p, weight.storage(), bias, step.activation, format);
  }

  /** As {@link #compile(List, Device, Shape, WeightFormat)}, of one module. */
  public static Plan compile(Module module, Device device, Shape input, WeightFormat format) {
    return compile(List.of(module), device, input, format);
  }

  /** As {@link #compile(Module, Device, Shape, WeightFormat)}, with the weights as they are. */
  public static Plan compile(Module module, Device device, Shape input) {
    return compile(module, device, input, WeightFormat.F32);
  }

  /**
   * Compiles modules that follow each other as one. Each of them is also a {@link #part} that can
   * be run alone.
   *
   * @param modules in evaluation mode, in their order, at least one
   * @param device where the modules' parameters are
   * @param input shape of the input; its first axis is the largest number of pictures in a call
   * @param format how weights may be kept
   * @throws IllegalArgumentException if a module contains an op that cannot be part of a plan, or
   *     does not take its input
   * @throws IllegalStateException if a module is in training mode
   */
  public static Plan compile(
      List<? extends Module> modules, Device device, Shape input, WeightFormat format) {
    if (modules.stream().anyMatch(Module::training)) {
      throw new IllegalStateException(
          "a plan is made of a module in evaluation mode; call eval() on it first");
    }
    try (TensorScope _ = new TensorScope()) {
      Tensor example = Tensor.placeholder(device, input);
      Plan plan = new Plan(device, Program.of(modules, example), new ColdStart(device.backend()));
      plan.prepare(format);
      return plan;
    } finally {
      device.backend().trim(); // what has held weights on their way would lie idle for ever
    }
  }

  /**
   * Returns one of the modules that were compiled together as a plan of its own: with the same
   * weights, kept once, and so with the same bits, but with workspaces of its own. When the one is
   * warm, so is the other.
   *
   * @param index of the module, from 0
   */
  public Plan part(int index) {
    Objects.checkIndex(index, program.parts());
    return new Plan(device, program.part(index), start);
  }

  /** Returns the shape of the input, with the largest number of pictures. */
  public Shape input() {
    return input;
  }

  /** Returns the shape of the output, with the largest number of pictures. */
  public Shape output() {
    return output;
  }

  /**
   * Runs the plan.
   *
   * @param x like {@link #input}, perhaps with fewer pictures, on the plan's device
   * @return like {@link #output}, with as many
   */
  public Tensor run(Tensor x) {
    int n = pictures(x.shape());
    Tensor y = Tensor.empty(device, output.with(0, n));
    Workspace workspace = workspaces.borrow(n);
    try {
      Backend backend = device.backend();
      backend.copyRows(1, x.size(), x.storage(), 0, 0, workspace.input(), 0, 0);
      workspace.run(n);
      backend.copyRows(1, y.size(), workspace.result(), 0, 0, y.storage(), 0, 0);
    } finally {
      workspaces.giveBack(workspace);
    }
    return y;
  }

  private int pictures(Shape shape) {
    if (shape.rank() != input.rank()
        || shape.dim(0) > input.dim(0)
        || shape.dim(0) < 1
        || !shape.with(0, input.dim(0)).equals(input)) {
      throw new IllegalArgumentException(
          "this plan takes " + input + " with up to that many pictures, but got " + shape);
    }
    return shape.dim(0);
  }

  /**
   * Runs the plan on {@code n} pictures.
   *
   * @param x the input, from the beginning of the array
   * @param y receives the output, from the beginning of the array
   */
  public void run(int n, float[] x, float[] y) {
    int in = program.input.perPicture();
    int out = program.result.perPicture();
    if (n < 1 || n > input.dim(0) || x.length < n * in || y.length < n * out) {
      throw new IllegalArgumentException(
          n
              + " pictures of "
              + in
              + " numbers, of 1 to "
              + input.dim(0)
              + " that this plan takes, give "
              + out
              + " numbers each; the arrays have "
              + x.length
              + " and "
              + y.length);
    }
    Workspace workspace = workspaces.borrow(n);
    try {
      Backend backend = device.backend();
      backend.upload(x, 0, workspace.input(), 0, n * in);
      workspace.run(n);
      backend.download(workspace.result(), 0, y, 0, n * out);
    } finally {
      workspaces.giveBack(workspace);
    }
  }

  /**
   * Runs the plan again and again and measures its steps. The clock is read between any two steps,
   * so that the sum is a little above the time of an undisturbed run.
   *
   * @param n pictures
   * @param x the input, from the beginning of the array
   * @param runs how often, after as many that do not count
   * @return one for each line of {@link #toString}
   */
  public List<StepTime> profile(int n, float[] x, int runs) {
    run(n, x, new float[n * program.result.perPicture()]);
    Workspace workspace = workspaces.make();
    try {
      device.backend().upload(x, 0, workspace.input(), 0, n * program.input.perPicture());
      long[][] nanos = workspace.measure(n, runs);
      List<StepTime> times = new ArrayList<>();
      for (int i = 0; i < nanos.length; i++) {
        Step step = program.steps.get(i);
        Arrays.sort(nanos[i]);
        times.add(
            new StepTime(Listing.line(i + 1, step), n * step.macsPerPicture(), nanos[i][runs / 2]));
      }
      return times;
    } finally {
      workspace.release();
    }
  }

  // ---------------------------------------------------------------- what it is

  /**
   * Tells whether another plan is the same program on the same device: the same steps on the same
   * shapes and buffers, by the same algorithms, with weights in the same formats. Then it takes the
   * same time, whatever its weights are.
   */
  public boolean sameProgram(Plan other) {
    return device == other.device
        && slotSizes.equals(other.slotSizes)
        && program.sameAs(other.program);
  }

  /** Returns the bytes of the weights as the convolutions keep them. */
  public long weightBytes() {
    return program.steps.stream()
        .filter(Step::isConvolution)
        .mapToLong(s -> s.prepared().weightBytes())
        .sum();
  }

  /** Returns the bytes of a workspace, of which there is one for each call at the same time. */
  public long workspaceBytes() {
    return Float.BYTES * workspaceElements();
  }

  /** Returns the elements of a workspace. */
  long workspaceElements() {
    return slotSizes.stream().mapToLong(Integer::longValue).sum() * input.dim(0);
  }

  /**
   * Returns the program, a line for each step: its number, what it does, the shape of its result,
   * the buffers it reads and writes, multiply-adds, algorithm and bytes of weights.
   */
  @Override
  public String toString() {
    return Listing.of(this, program, slotSizes);
  }
}
