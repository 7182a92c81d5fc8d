package dev.thumbnet.bench.gpu;

import dev.thumbnet.bench.harness.Effort;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.backend.CudaPrecision;
import dev.thumbnet.engine.backend.DeviceException;
import dev.thumbnet.engine.backend.GpuDescription;
import java.util.Locale;

/**
 * The engine's side: runs one case and prints what it measured, as {@code pytorch_side.py} does.
 *
 * <pre>
 * EngineSide --about | FULL|QUICK 'train resnet18 224 b128 tf32' [cpu]
 * </pre>
 */
final class EngineSide {
  /** The key of the number of parameters of the network. */
  static final String PARAMETERS = "parameters";

  private EngineSide() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    try {
      if (args[0].equals("--about")) {
        about();
      } else {
        measure(Effort.valueOf(args[0]), GpuCase.parse(args[1]), args.length > 2);
      }
    } catch (DeviceException e) {
      System.err.println("compare-gpu: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void about() {
    try (Device device = Device.cuda(0, CudaPrecision.TF32)) {
      GpuDescription gpu = device.backend().gpu().orElseThrow();
      print("card", gpu.card());
      print("software", "Java " + Runtime.version() + ", " + String.join(", ", gpu.software()));
    }
  }

  /**
   * Measures a case.
   *
   * @param onCpu for trying this program without a GPU
   */
  private static void measure(Effort effort, GpuCase what, boolean onCpu) {
    try (Device device = onCpu ? Device.cpu() : Device.cuda(0, what.precision())) {
      if (what.kind() == GpuCase.Kind.LAYERS) {
        long parameters =
            GpuLayers.measure(
                device, what, effort, (name, time) -> print(name, milliseconds(time)));
        print(PARAMETERS, Long.toString(parameters));
        return;
      }
      Work work =
          what.kind() == GpuCase.Kind.TRAIN
              ? new GpuTraining(device, what)
              : new GpuInference(device, what);
      print(PARAMETERS, Long.toString(work.parameters()));
      Stopwatch.Times times = new Stopwatch(work::queue, work::await, effort).measure();
      print("step", milliseconds(times.step()));
      print("alone", milliseconds(times.alone()));
      print("host", milliseconds(times.host()));
    }
  }

  private static String milliseconds(double value) {
    return String.format(Locale.ROOT, "%.5f", value);
  }

  private static void print(String key, String value) {
    System.out.println(key + ": " + value);
  }
}
