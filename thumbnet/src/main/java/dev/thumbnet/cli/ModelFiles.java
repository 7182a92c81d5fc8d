package dev.thumbnet.cli;

import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedDownscaler;
import dev.thumbnet.pipeline.TrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models. */
final class ModelFiles {
  private ModelFiles() {}

  static TrainedModel load(Path file, Device device) {
    checkFile(file);
    return TrainedModel.load(file, device);
  }

  static TrainedDownscaler loadDownscaler(Path file, Device device) {
    checkFile(file);
    return TrainedDownscaler.load(file, device);
  }

  private static void checkFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + ": is a folder, not the file of a model");
    }
  }
}
