package dev.thumbnet.engine.backend;

import dev.thumbnet.engine.backend.contract.ConvTrials;
import dev.thumbnet.engine.backend.contract.Trial;
import dev.thumbnet.engine.backend.contract.Trials;
import dev.thumbnet.engine.backend.cuda.HostCuda;
import dev.thumbnet.engine.backend.cuda.HostCuda.Support;
import dev.thumbnet.engine.backend.problem.Conv2dProblem;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the CUDA backend asks its libraries for, in all precisions. */
class CudaLaunchesTest {
  /** The fakes refuse kernels that do not exist, and notice what is not given back. */
  @ParameterizedTest
  @EnumSource(CudaPrecision.class)
  void everyPrimitiveIsAccepted(CudaPrecision precision) {
    try (HostCuda host = HostCuda.idle(precision)) {
      Trials.everything().forEach(trial -> call(host.backend(), trial));
    }
  }

  /** Results of convolutions become the operands of everything else. */
  @Test
  void everyPrimitiveTakesWhatConvolutionsWrite() {
    try (HostCuda host = HostCuda.idle(CudaPrecision.BF16)) {
      for (Trial trial : Trials.everything()) {
        Storage[] in = storages(host.backend(), trial.inputs());
        for (Storage storage : in) {
          spoilType(host.backend(), storage);
        }
        call(host.backend(), trial, in);
      }
    }
  }

  private static void call(Backend backend, Trial trial) {
    call(backend, trial, storages(backend, trial.inputs()));
  }

  private static void call(Backend backend, Trial trial, Storage[] in) {
    Storage[] out = new Storage[trial.outputs().length];
    for (int i = 0; i < out.length; i++) {
      out[i] = backend.allocate(trial.outputs()[i]);
    }
    trial.call().run(backend, in, out);
    for (Storage storage : in) {
      backend.release(storage);
    }
    for (Storage storage : out) {
      backend.release(storage);
    }
  }

  private static Storage[] storages(Backend backend, double[][] values) {
    Storage[] storages = new Storage[values.length];
    for (int i = 0; i < values.length; i++) {
      storages[i] = backend.allocate(values[i].length);
      backend.upload(values[i], 0, storages[i], 0, values[i].length);
    }
    return storages;
  }

  /** Lets a convolution by ones write into the storage, so that it becomes bfloat16. */
  private static void spoilType(Backend backend, Storage storage) {
    Conv2dProblem p = Conv2dProblem.of(1, 1, storage.length(), 1, 1, 1, 1, 0);
    Storage x = backend.allocate(storage.length());
    Storage one = backend.allocate(1);
    backend.conv2d(p, x, one, null, storage);
    backend.release(x);
    backend.release(one);
  }

  @ParameterizedTest
  @EnumSource(Support.class)
  void convolutionsWhateverCudnnCan(Support support) {
    Stream.of(
            "n2 h9 w11 c5 k7 r3 s3 st2 p1",
            "n2 h6 w7 c8 k12 r3 s3 p1 g4",
            "n1 h8 w8 c6 k6 r3 s3 p1 g6",
            "n1 h9 w10 c4 k3 r3 s2 st1x2 p1x0 d2x1",
            "n3 h5 w4 c33 k34 r1 s1 st2",
            "n1 h12 w12 c3 k16 r7 s7 st2 p3")
        .map(Conv2dProblem::parse)
        .forEach(p -> check(support, p));
  }

  private static void check(Support support, Conv2dProblem p) {
    try (HostCuda host = HostCuda.of(CudaPrecision.F32, support)) {
      for (int seed = 0; seed < 8; seed += 2) {
        ConvTrials.conv2d(p, seed).forEach(trial -> trial.check(host.backend()));
      }
    }
  }
}
