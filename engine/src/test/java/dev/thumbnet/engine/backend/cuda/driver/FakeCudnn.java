package dev.thumbnet.engine.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A cuDNN that keeps account of descriptors and handles, and computes nothing. It offers one
 * algorithm for each convolution, number 1 with 1000 bytes of workspace.
 */
public final class FakeCudnn extends FakeLibrary {
  static final int BAD_PARAM = 2000;
  public static final int NOT_SUPPORTED = 3000;

  public static final int ALGORITHM = 1;
  public static final long WORKSPACE = 1000;

  private static final List<String> KINDS =
      List.of("Tensor", "Filter", "Convolution", "Activation");

  private final Map<Long, String> live = new TreeMap<>();
  private final Map<Long, List<Object>> contents = new HashMap<>();
  private long nextHandle = 0x20_0000;

  public FakeCudnn(List<FakeCall> log) {
    super(NativeFunctions.CUDNN, log);
    on("cudnnGetVersion", call -> 92_400L);
    on(
        "cudnnGetErrorString",
        call -> FakeCall.constant(call.intAt(0) == BAD_PARAM ? "CUDNN_STATUS_BAD_PARAM" : "OTHER"));
    on(
        "cudnnGetLastErrorString",
        call -> {
          call.giveText(0, "the fake is not content\n");
          return null;
        });
    on("cudnnCreate", call -> open(call, "handle"));
    on("cudnnDestroy", call -> close(call, "handle"));
    KINDS.forEach(this::descriptors);
    for (String direction : List.of("Forward", "BackwardData", "BackwardFilter")) {
      on("cudnnGetConvolution" + direction + "Algorithm_v7", this::algorithms);
      on("cudnnGetConvolution" + direction + "WorkspaceSize", call -> call.give(6, WORKSPACE));
    }
  }

  /** Returns what was made and not destroyed, in words. */
  List<String> left() {
    return new ArrayList<>(live.values());
  }

  /** Returns what a descriptor was last set to, the arguments behind the descriptor itself. */
  public List<Object> contents(long descriptor) {
    return contents.get(descriptor);
  }

  private void descriptors(String kind) {
    on("cudnnCreate" + kind + "Descriptor", call -> open(call, kind));
    on("cudnnDestroy" + kind + "Descriptor", call -> close(call, kind));
    String set =
        switch (kind) {
          case "Tensor", "Filter" -> "cudnnSet" + kind + "4dDescriptor";
          case "Activation" -> "cudnnSetActivationDescriptor";
          default -> "cudnnSetConvolution2dDescriptor";
        };
    on(
        set,
        call -> {
          contents.put(call.longAt(0), call.arguments().subList(1, call.arguments().size()));
          return kind.equals(live.get(call.longAt(0))) ? 0 : BAD_PARAM;
        });
  }

  private int open(FakeCall call, String kind) {
    long handle = nextHandle++;
    live.put(handle, kind);
    return call.give(0, handle);
  }

  private int close(FakeCall call, String kind) {
    return live.remove(call.longAt(0), kind) ? 0 : BAD_PARAM;
  }

  /** Writes one entry, at the offsets that a C compiler gives to its fields. */
  private int algorithms(FakeCall call) {
    MemorySegment perf = call.memoryAt(7, 48L * call.intAt(5));
    perf.set(JAVA_INT, 0, ALGORITHM);
    perf.set(JAVA_INT, 4, 0);
    perf.set(JAVA_LONG, 16, WORKSPACE);
    perf.set(JAVA_INT, 24, 1);
    perf.set(JAVA_INT, 28, Cudnn.FMA_MATH);
    return call.giveInt(6, 1);
  }
}
