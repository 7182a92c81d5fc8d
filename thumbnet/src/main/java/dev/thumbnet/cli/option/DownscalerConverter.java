package dev.thumbnet.cli.option;

import dev.thumbnet.model.DownscalerKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the form of a learned downscaler as users write it: {@code near-bicubic} and so on. */
public final class DownscalerConverter implements ITypeConverter<DownscalerKind> {
  public static final String DEFAULT = "plain";
  public static final String DESCRIPTION =
      "Form of the learned downscaler. On its own: plain (two 5x5 convolutions), plain-no-bn (plain"
          + " without normalisation), plain-wide (two 7x7), plain-near-bicubic (plain, started as"
          + " nearly bicubic). Added to bicubic: residual (plain), residual-no-bn, residual-large"
          + " (costs several times more), patch (a convolution of whole patches and two 3x3),"
          + " muller (four numbers that weight details), talebi-milanfar (convolutions of the full"
          + " picture, costly), stem (two 3x3 behind the teacher's first layer, which stays as it"
          + " is), layer1 (the same behind the layer1 of a teacher of width 0.25), stem-tuned and"
          + " layer1-tuned (these layers learn, too), narrow-stem (such a first layer that starts"
          + " from chance). Default: ${DEFAULT-VALUE}.";

  @Override
  public DownscalerKind convert(String value) {
    List<DownscalerKind> learned =
        Arrays.stream(DownscalerKind.values()).filter(DownscalerKind::learned).toList();
    return learned.stream()
        .filter(kind -> kind.label().equals(value.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'"
                        + value
                        + "' is none of "
                        + String.join(", ", learned.stream().map(DownscalerKind::label).toList())));
  }
}
