package dev.thumbnet.pipeline;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.io.SafeTensors;
import dev.thumbnet.engine.io.SafeTensorsException;
import dev.thumbnet.model.DownscalerNet;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The downscaler of a trained model without its classifier.
 *
 * @param device where the network is
 * @param network from pictures to thumbnails, in evaluation mode
 * @param preprocessing how a full picture is shown to it
 */
public record TrainedDownscaler(Device device, DownscalerNet network, Preprocessing preprocessing) {
  /** Puts the network into evaluation mode. */
  public TrainedDownscaler {
    network.eval();
  }

  /**
   * Returns the downscaler of a model.
   *
   * @throws IllegalStateException if the model takes full pictures
   */
  public static TrainedDownscaler of(TrainedModel model) {
    return new TrainedDownscaler(model.device(), model.downscaler(), model.preprocessing());
  }

  /**
   * Reads the downscaler of what {@link TrainedModel#save} wrote, and nothing else of it.
   *
   * @param device where the network is to be
   * @throws SafeTensorsException if the file cannot be read or is damaged, or one of its numbers is
   *     impossible
   * @throws ModelException if it is no model of this program or one that takes full pictures, its
   *     metadata make no sense or its weights are not those of its downscaler
   */
  public static TrainedDownscaler load(Path file, Device device) {
    try (SafeTensors opened = SafeTensors.open(file)) {
      return ModelFile.readDownscaler(opened, file.toString(), device);
    }
  }

  /**
   * As {@link #load(Path, Device)}, from a stream, which is read to its end and not closed.
   *
   * @param name what error messages call the model
   */
  public static TrainedDownscaler load(InputStream in, String name, Device device) {
    try (SafeTensors opened = SafeTensors.read(in, name)) {
      return ModelFile.readDownscaler(opened, name, device);
    }
  }
}
