package dev.thumbnet.cli.option;

import dev.thumbnet.data.CachedPictures;
import dev.thumbnet.data.ClassNames;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How commands that learn or evaluate find their pictures. */
public final class DataOptions {
  @Option(
      names = "--broken",
      paramLabel = "WHAT",
      defaultValue = "fail",
      description =
          "What to do about files that cannot be decoded: fail, or skip them with a warning."
              + " Default: ${DEFAULT-VALUE}.")
  private ImageFolder.Broken broken;

  /** The pictures to learn from: DIR/train, one folder for each class. */
  public DataSet train(Path data) {
    return train(data, new ImageDecoder());
  }

  /** As {@link #train(Path)}, decoded as a model wants them. */
  public DataSet train(Path data, ImageDecoder decoder) {
    return open(data, "train", decoder);
  }

  /** The pictures that decide accuracies: DIR/val, one folder for each class. */
  public DataSet val(Path data) {
    return val(data, new ImageDecoder());
  }

  /** As {@link #val(Path)}, decoded as a model wants them. */
  public DataSet val(Path data, ImageDecoder decoder) {
    return open(data, "val", decoder);
  }

  private DataSet open(Path data, String part, ImageDecoder decoder) {
    if (!Files.isDirectory(data)) {
      throw new IllegalArgumentException("--data " + data + ": there is no such folder");
    }
    Path folder = data.resolve(part);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "--data "
              + data
              + ": has no folder '"
              + part
              + "'. Expected are "
              + part
              + "/CLASS/picture.jpg and so on, one folder for each class.");
    }
    ImageFolder pictures = new ImageFolder(folder, decoder, broken);
    return new CachedPictures(pictures, Runtime.getRuntime().maxMemory() / 4);
  }

  /** Two parts of one set must agree on what label 3 means. */
  public static void checkSameClasses(DataSet train, DataSet val, Path data) {
    if (!ClassNames.same(train.classes(), val.classes())) {
      throw new IllegalArgumentException(
          "--data "
              + data
              + ": train and val have different classes: "
              + train.classes()
              + " and "
              + val.classes());
    }
  }
}
