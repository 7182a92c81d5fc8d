package dev.thumbnet.cli.option;

import dev.thumbnet.model.Architecture;
import picocli.CommandLine.Option;

/** What to train. */
public final class NetworkOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet18",
      description =
          "Architecture: resnet18, resnet34, resnet50, vgg11, vgg11_bn, vgg16, vgg16_bn."
              + " Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--small-input",
      description =
          "ResNets only: start with a 3x3 convolution of stride 1 and without pooling, as is usual"
              + " for pictures of 32 pixels.")
  private boolean smallInput;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "VGG only: units in each of the two hidden layers of the head, 4096 in the original; 0"
              + " for a global average and one linear layer. Default: ${DEFAULT-VALUE}.")
  private int hidden;

  /** The network for a number of classes. */
  public Architecture architecture(int classes, double width) {
    return new Architecture(model, classes, width, smallInput, hidden);
  }
}
