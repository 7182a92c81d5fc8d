package dev.thumbnet.cli.option;

import dev.thumbnet.engine.backend.WeightFormat;
import picocli.CommandLine.Option;

/** Options of all commands that compile a model. */
public final class WeightOptions {
  @Option(
      names = "--weights",
      paramLabel = "FORMAT",
      defaultValue = "f32",
      description =
          "How to keep weights: f32, bf16 (half of the memory, faster for wide networks,"
              + " slightly rounded), or int8 (a quarter, faster still, rounded more)."
              + " Default: ${DEFAULT-VALUE}.")
  private WeightFormat format;

  public WeightFormat format() {
    return format;
  }
}
