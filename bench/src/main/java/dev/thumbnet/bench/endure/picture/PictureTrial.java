package dev.thumbnet.bench.endure.picture;

import dev.thumbnet.bench.endure.trial.Outcome;
import dev.thumbnet.bench.endure.trial.Trial;
import dev.thumbnet.bench.endure.trial.Wording;
import dev.thumbnet.data.image.ImageDecoder;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.data.image.RgbImage;
import dev.thumbnet.pipeline.Preprocessing;
import java.io.IOException;
import java.util.Optional;

/**
 * Cases that are damaged pictures: each must become a picture that a model can be shown, or an
 * {@link ImageException} of one line that begins with the file's name.
 */
public final class PictureTrial implements Trial {
  private static final String NAME = "the mutant";
  private static final Preprocessing SHOWN = Preprocessing.photographs(32);

  private final long seed;
  private final Mutants mutants = new Mutants();
  private final ImageDecoder decoder = new ImageDecoder();

  /** Prepares the cases. */
  public PictureTrial(long seed) throws IOException {
    this.seed = seed;
  }

  /** What became of a file: how it ended, and what was wrong with that. */
  private record Decoded(String result, Optional<String> violation) {}

  @Override
  public Outcome attempt(long number) {
    Mutants.Mutant mutant = mutants.next(Trial.random(seed, number));
    Decoded found = decode(mutant.content());
    return Outcome.of(
        mutant.sample(),
        found.result(),
        found.violation().map(what -> mutant.kind() + ": " + what));
  }

  private Decoded decode(byte[] file) {
    RgbImage image;
    try {
      image = decoder.decode(file, NAME);
    } catch (ImageException e) {
      return new Decoded("refused", Wording.fault(NAME, e.getMessage()));
    } catch (RuntimeException | Error e) {
      return new Decoded("failed", Optional.of("decoding: " + e));
    }
    try {
      SHOWN.crop(image);
      return new Decoded("decoded", Optional.empty());
    } catch (RuntimeException | Error e) {
      return new Decoded("failed", Optional.of("cropping " + image + ": " + e));
    }
  }
}
