package dev.thumbnet.experiment;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.direct.DirectMethod;
import dev.thumbnet.method.format.FormatMethod;
import dev.thumbnet.method.front.FrontMethod;
import dev.thumbnet.method.information.ProbeMethod;
import dev.thumbnet.method.lowrank.LowRankMethod;
import dev.thumbnet.method.pruning.PrunedStudent;
import dev.thumbnet.method.pruning.PruningMethod;
import dev.thumbnet.method.slimmable.NarrowMethod;
import dev.thumbnet.method.slimmable.SlimmableMethod;
import dev.thumbnet.method.teacher.TeacherMethod;
import dev.thumbnet.method.thumbnet.KindMethod;
import dev.thumbnet.method.thumbnet.StudentMethod;
import dev.thumbnet.method.thumbnet.TransferMethod;
import dev.thumbnet.method.thumbnet.VariantMethod;
import dev.thumbnet.method.wavelet.WaveletMethod;
import java.util.List;
import java.util.stream.Collectors;

/** All methods there are. */
public final class Methods {
  /** In the order in which their stories are best read. */
  public static final List<Method> ALL =
      List.of(
          TeacherMethod.ORIGINAL,
          TeacherMethod.FOR_TRIALS,
          DirectMethod.DIRECT,
          DirectMethod.REESTIMATED,
          StudentMethod.BICUBIC,
          StudentMethod.SUPERVISED,
          StudentMethod.BICUBIC_DISTILL,
          StudentMethod.SUPERVISED_DISTILL,
          StudentMethod.THUMBNET,
          VariantMethod.VARIANTS,
          KindMethod.KINDS,
          TransferMethod.TRANSFER,
          FrontMethod.PATCH,
          FrontMethod.DCT,
          PruningMethod.THINET,
          PruningMethod.L1,
          PruningMethod.RANDOM,
          PruningMethod.SCRATCH,
          PrunedStudent.PRUNED,
          FormatMethod.FORMATS,
          ProbeMethod.PROBE,
          LowRankMethod.SVD,
          LowRankMethod.SPATIAL,
          LowRankMethod.TUCKER,
          NarrowMethod.NARROW,
          SlimmableMethod.SLIMMABLE,
          SlimmableMethod.US_NET,
          WaveletMethod.LWAE);

  private Methods() {}

  /**
   * The method with a key.
   *
   * @throws IllegalArgumentException if there is none; the message lists the keys
   */
  public static Method of(String key) {
    return ALL.stream()
        .filter(method -> method.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no method '"
                        + key
                        + "'; known are "
                        + ALL.stream().map(Method::key).collect(Collectors.joining(", "))));
  }
}
