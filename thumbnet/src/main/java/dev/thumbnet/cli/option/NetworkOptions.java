package dev.thumbnet.cli.option;

import dev.thumbnet.model.Architecture;
import java.util.Iterator;
import picocli.CommandLine.Option;

/** What to train. */
public final class NetworkOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "resnet18",
      completionCandidates = Names.class,
      description = "Architecture: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private String model;

  /** The networks that can be chosen. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Architecture.NAMES.iterator();
    }
  }

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
    Architecture network = Architecture.of(model, classes).withWidth(width);
    if (smallInput) {
      network = network.withSmallInput();
    }
    return hidden != 0 || network.own().containsKey("hidden")
        ? network.withHidden(hidden)
        : network;
  }
}
