package dev.thumbnet.bench.harness;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts options that count something: whole numbers from 1 on. */
public final class CountConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    try {
      int count = Integer.parseInt(value);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException e) {
      // As wrong as 0.
    }
    throw new TypeConversionException("must be a whole number from 1 on, not \"" + value + "\"");
  }
}
