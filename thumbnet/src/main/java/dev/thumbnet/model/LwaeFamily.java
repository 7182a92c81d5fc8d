package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lwae}s around the networks of another family, one for each, with its name behind {@code
 * lwae-} and its settings.
 *
 * @param inner the other family
 */
record LwaeFamily(Family inner) implements Family {
  static final String PREFIX = "lwae-";

  private static final long LOW_STREAM = 1;
  private static final long HIGH_STREAM = 2;
  private static final long REST_STREAM = 3;

  @Override
  public List<String> names() {
    return inner.names().stream().map(name -> PREFIX + name).toList();
  }

  /** Returns the network that sees CA. */
  private Architecture whole(Architecture architecture) {
    return new Architecture(
        inner,
        innerName(architecture.name()),
        architecture.classes(),
        architecture.width(),
        architecture.own());
  }

  private static String innerName(String name) {
    return name.substring(PREFIX.length());
  }

  @Override
  public Map<String, Object> settings(String name) {
    return inner.settings(innerName(name));
  }

  @Override
  public void check(Architecture architecture) {
    inner.check(whole(architecture));
  }

  /** The networks for CA and CH as their family draws them; encoder by He, fusion as PyTorch. */
  @Override
  public Classifier build(Architecture architecture, Device device, @Nullable Rng rng) {
    Architecture whole = whole(architecture);
    Architecture narrow = whole.withWidth(Lwae.HIGH_WIDTH * whole.width());
    return new Lwae(
        architecture,
        inner.build(whole, device, stream(rng, LOW_STREAM)),
        inner.build(narrow, device, stream(rng, HIGH_STREAM)),
        device,
        stream(rng, REST_STREAM));
  }

  private static @Nullable Rng stream(@Nullable Rng rng, long key) {
    return rng == null ? null : rng.split(key);
  }

  /** CA of a picture has half its side, rounded up. */
  @Override
  public int smallestSide(Architecture architecture) {
    return 2 * inner.smallestSide(whole(architecture)) - 1;
  }

  @Override
  public int normalisedSide(Architecture architecture, int side) {
    return inner.normalisedSide(whole(architecture), Math.ceilDiv(side, 2));
  }

  @Override
  public String describe(Architecture architecture) {
    return inner.describe(whole(architecture));
  }
}
