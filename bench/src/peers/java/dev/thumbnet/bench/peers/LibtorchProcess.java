package dev.thumbnet.bench.peers;

import dev.thumbnet.bench.harness.Contender;
import dev.thumbnet.bench.harness.RemoteContender;
import dev.thumbnet.bench.harness.Subprocess;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The newest PyTorch, through JavaCPP. The one through DJL has libraries of the same names, so this
 * one runs in a JVM of its own.
 */
final class LibtorchProcess {
  private LibtorchProcess() {}

  /** How it is asked to compute. */
  enum Mode {
    /** Forward, frozen and fused. */
    FORWARD(""),
    /** A step of training on PyTorch's usual layout. */
    TRAIN(""),
    /** A step of training on activations and weights with channels last. */
    TRAIN_CHANNELS_LAST(", channels last");

    private final String remark;

    Mode(String remark) {
      this.remark = remark;
    }
  }

  /** Starts a JVM with a contender. */
  static Contender start(List<String> flags, Workload workload, Mode mode, int threads)
      throws IOException {
    return new RemoteContender(
        Subprocess.jvm(
            "PyTorch " + number() + mode.remark,
            flags,
            Subprocess.classPath(),
            LibtorchProcess.class,
            workload.toString(),
            mode.name(),
            Integer.toString(threads)));
  }

  /** Returns the version without that of JavaCPP; loads nothing native. */
  private static String number() {
    String version = Tensor.class.getPackage().getImplementationVersion();
    return version.substring(0, version.indexOf('-'));
  }

  static String version() {
    return "PyTorch "
        + Tensor.class.getPackage().getImplementationVersion()
        + " through JavaCPP, in a process of its own: forward frozen and fused, training eager";
  }

  /** Serves a contender: workload, mode, threads. */
  public static void main(String[] args) throws Exception {
    Workload workload = Workload.parse(args[0]);
    torch.set_num_threads(Integer.parseInt(args[2]));
    torch.set_num_interop_threads(1);
    Contender contender =
        switch (Mode.valueOf(args[1])) {
          case FORWARD -> new LibtorchForward(workload);
          case TRAIN -> new LibtorchTraining(workload, false);
          case TRAIN_CHANNELS_LAST -> new LibtorchTraining(workload, true);
        };
    RemoteContender.serve(
        contender,
        new InputStreamReader(System.in, StandardCharsets.UTF_8),
        new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
  }
}
