package dev.thumbnet.engine.backend.cuda.driver;

import java.util.ArrayList;
import java.util.List;

/** A cuBLAS that keeps account of its handles, and computes nothing. */
public final class FakeCublas extends FakeLibrary {
  static final int NOT_SUPPORTED = 15;

  private final List<String> live = new ArrayList<>();

  FakeCublas(List<FakeCall> log) {
    super(NativeFunctions.CUBLAS, log);
    on(
        "cublasCreate_v2",
        call -> {
          live.add("cuBLAS");
          return call.give(0, 0x30_0000);
        });
    on("cublasDestroy_v2", call -> live.remove("cuBLAS") ? 0 : 1);
    on("cublasGetVersion_v2", call -> call.giveInt(1, 130_101));
    on(
        "cublasGetStatusString",
        call -> FakeCall.constant(call.intAt(0) == NOT_SUPPORTED ? "not supported" : "other"));
  }

  /** Returns what was made and not destroyed, in words. */
  List<String> left() {
    return live;
  }
}
