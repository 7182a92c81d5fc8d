package dev.thumbnet.method;

import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.DownscalerNet;
import dev.thumbnet.model.Models;
import dev.thumbnet.model.Reduction;
import dev.thumbnet.pipeline.Preprocessing;
import dev.thumbnet.pipeline.TrainedModel;

/** The downscaler E of a finished model, for another one. Has no state. */
public final class LearntDownscaler {
  private LearntDownscaler() {}

  /**
   * Returns a copy of a model's E, on the model's device, which can learn.
   *
   * @param model whose E it is
   * @param kind what it must be
   * @param reduction how much smaller its thumbnails must be
   * @param preprocessing how the pictures are shown that it will see
   * @throws IllegalArgumentException if it is of another kind or ratio, or learnt from pictures
   *     that were normalised otherwise
   * @throws IllegalStateException if the model takes full pictures
   */
  public static DownscalerNet copy(
      TrainedModel model, DownscalerKind kind, Reduction reduction, Preprocessing preprocessing) {
    DownscalerNet learnt = model.downscaler();
    if (learnt.kind() != kind || !learnt.reduction().equals(reduction)) {
      throw new IllegalArgumentException(
          "a downscaler "
              + kind.label()
              + " for "
              + reduction
              + " is wanted, not "
              + learnt.kind().label()
              + " for "
              + learnt.reduction());
    }
    if (!model.preprocessing().normalize().equals(preprocessing.normalize())) {
      throw new IllegalArgumentException(
          "the downscaler learnt from pictures that were normalised otherwise, "
              + model.preprocessing()
              + ", not "
              + preprocessing);
    }
    DownscalerNet copy =
        Models.downscaler(kind, reduction, preprocessing.colors(), model.device(), null);
    copy.load(learnt.state());
    return copy;
  }
}
