package dev.thumbnet.method.information;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.Need;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.model.DownscalerKind;
import dev.thumbnet.model.Reduction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much of a picture is left in its thumbnail: a network that always is the same one and learns
 * from scratch, from labels alone, for as long as all others, and the numbers of {@link
 * Information}.
 */
public final class ProbeMethod implements Method {
  /** The only one. */
  public static final ProbeMethod PROBE = new ProbeMethod();

  private ProbeMethod() {}

  @Override
  public String key() {
    return "probe";
  }

  @Override
  public String name() {
    return "Probe";
  }

  @Override
  public String explanation() {
    return "A network learns from scratch, from labels alone, what thumbnails show; these no longer"
        + " change. It is always the same network, trained in the same way: what differs is what"
        + " the thumbnails keep. Another small network learns to guess the picture of a thumbnail.";
  }

  /** It may need a finished downscaler, so that it cannot be run on its own. */
  @Override
  public boolean trainsStudent() {
    return false;
  }

  /** None: what is looked at is chosen by {@link #at}. */
  @Override
  public List<Training> trainings(Setting setting) {
    return List.of();
  }

  /**
   * Returns the training that looks at thumbnails. Its point is called by what makes them and how
   * small they are: {@code area-4to1}.
   *
   * @param kind what makes thumbnails
   * @param source the model whose downscaler makes them, which the training must be given; none if
   *     nothing is learnt
   * @throws IllegalArgumentException if the kind makes no such thumbnails, the network takes none,
   *     or a learned downscaler has no source
   */
  public Training at(
      Setting setting, Reduction reduction, DownscalerKind kind, Optional<Need> source) {
    kind.check(reduction);
    setting.network().checkSide(reduction.reduce(setting.size()));
    if (kind.learned() != source.isPresent()) {
      throw new IllegalArgumentException(
          "what is learnt, and nothing else, is taken from a model, unlike " + kind.label());
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("downscaler", kind.key());
    settings.put("factor", reduction.factor());
    source.ifPresent(need -> settings.put("downscalerOf", need.toString()));
    settings.put("start", "scratch");
    settings.put("learningRate", setting.fromScratch().learningRate());
    OperatingPoint plain = OperatingPoint.thumbnail(reduction, setting.size(), settings);
    return new ProbeTraining(
        setting,
        reduction,
        kind,
        source,
        new OperatingPoint(
            kind.label() + "-" + plain.key(),
            plain.label() + " " + kind.label(),
            plain.inputSize(),
            settings));
  }
}
