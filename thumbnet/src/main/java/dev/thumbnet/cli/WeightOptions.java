package dev.thumbnet.cli;

import dev.thumbnet.engine.backend.WeightFormat;
import picocli.CommandLine.Option;

/** Options of all commands that compile a model. */
final class WeightOptions {
  @Option(
      names = "--weights",
      paramLabel = "FORMAT",
      defaultValue = "f32",
      description =
          "How to keep weights: f32, or bf16 (half of the memory, faster for wide networks,"
              + " slightly rounded). Default: ${DEFAULT-VALUE}.")
  private WeightFormat format;

  WeightFormat format() {
    return format;
  }
}
