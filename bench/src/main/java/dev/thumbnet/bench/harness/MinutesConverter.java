package dev.thumbnet.bench.harness;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts options that are times in minutes: numbers above 0. */
public final class MinutesConverter implements ITypeConverter<Double> {
  @Override
  public Double convert(String value) {
    try {
      double minutes = Double.parseDouble(value);
      if (minutes > 0 && Double.isFinite(minutes)) {
        return minutes;
      }
    } catch (NumberFormatException e) {
      // As wrong as 0.
    }
    throw new TypeConversionException("must be a number above 0, not \"" + value + "\"");
  }
}
