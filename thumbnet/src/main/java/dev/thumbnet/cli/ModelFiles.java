package dev.thumbnet.cli;

import dev.thumbnet.engine.Device;
import dev.thumbnet.train.TrainedModel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens models. */
final class ModelFiles {
  private ModelFiles() {}

  static TrainedModel load(Path file, Device device) {
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException(file + ": is a folder, not the file of a model");
    }
    return TrainedModel.load(file, device);
  }
}
