package dev.thumbnet.method.wavelet;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.OperatingPoint;
import dev.thumbnet.method.PreparedTraining;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import dev.thumbnet.method.TrainingContext;
import dev.thumbnet.model.Lwae;
import dev.thumbnet.train.RunOptions;
import java.util.List;
import java.util.Optional;

/** LWAE, the wavelet-like auto-encoder: one point, whatever the reductions of the setting. */
public final class WaveletMethod implements Method {
  /** The only one. */
  public static final WaveletMethod LWAE = new WaveletMethod();

  private WaveletMethod() {}

  @Override
  public String key() {
    return "lwae";
  }

  @Override
  public String name() {
    return "LWAE";
  }

  @Override
  public String explanation() {
    return "A wavelet-like auto-encoder (Chen et al., AAAI 2018) looks at the full picture and"
        + " splits it into two of half the side. The teacher's network, starting from its weights,"
        + " classifies the one with the low frequencies, helped by a network of a quarter of its"
        + " width on the one with the high frequencies. The authors published the network but no"
        + " training code: decoder, weights of the losses and shares of the epochs are ours.";
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  /**
   * Returns the only one.
   *
   * @throws IllegalArgumentException if the network is no ResNet or VGG, or pictures or batches are
   *     too small
   */
  @Override
  public List<Training> trainings(Setting setting) {
    Lwae.around(setting.network()).checkTraining(setting.size(), setting.student().batchSize());
    return List.of(new Halves(setting));
  }

  private record Halves(Setting setting) implements Training {
    @Override
    public List<OperatingPoint> points() {
      return List.of(new OperatingPoint("half", "", setting.size(), WaveletTraining.settings()));
    }

    @Override
    public Optional<PreparedTraining> prepare(TrainingContext context, RunOptions options) {
      return Optional.of(new WaveletTraining(context, setting.student()).prepare(options));
    }
  }
}
