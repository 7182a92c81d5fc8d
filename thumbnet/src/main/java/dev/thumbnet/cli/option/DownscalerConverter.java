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
      "Form of the learned downscaler: plain (two 5x5 convolutions), plain-wide (two 7x7),"
          + " plain-near-bicubic (plain, started as nearly bicubic), residual (plain added to"
          + " bicubic), residual-large (costs several times more). Default: ${DEFAULT-VALUE}.";

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
