package dev.thumbnet.method.thumbnet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Factors of the four losses in the sum that is minimised. A loss with factor 0 is not computed.
 *
 * @param classification CL, cross entropy with the labels
 * @param distillation KD, imitation of the teacher's answers
 * @param momentMatching MM, thumbnails with the statistics of their pictures
 * @param featureMapping FM, imitation of the teacher's features
 */
public record LossWeights(
    double classification, double distillation, double momentMatching, double featureMapping) {
  /**
   * Checks the factors.
   *
   * @throws IllegalArgumentException if one is negative or all are 0
   */
  public LossWeights {
    double sum = classification + distillation + momentMatching + featureMapping;
    if (!(classification >= 0
        && distillation >= 0
        && momentMatching >= 0
        && featureMapping >= 0
        && sum > 0
        && Double.isFinite(sum))) {
      throw new IllegalArgumentException(
          "weights of losses must not be negative, and not all 0: "
              + classification
              + ", "
              + distillation
              + ", "
              + momentMatching
              + ", "
              + featureMapping);
    }
  }

  /** Returns all of them by the names that files have, which never change. */
  public Map<String, Double> settings() {
    Map<String, Double> settings = new LinkedHashMap<>();
    settings.put("classification", classification);
    settings.put("distillation", distillation);
    settings.put("momentMatching", momentMatching);
    settings.put("featureMapping", featureMapping);
    return settings;
  }

  /** Returns all of them, in words that checkpoints and model files keep. */
  @Override
  public String toString() {
    return settings().entrySet().stream()
        .map(weight -> weight.getKey() + "=" + weight.getValue())
        .collect(Collectors.joining(", ", "LossWeights[", "]"));
  }
}
