package dev.thumbnet.cli.option;

import dev.thumbnet.data.CachedPictures;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.ImageFolder;
import dev.thumbnet.data.LeftOut;
import dev.thumbnet.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
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

  /**
   * The pictures to learn from: DIR/train, one folder for each class.
   *
   * @param notes are told which files are left out
   */
  public DataSet train(Path data, ImageDecoder decoder, Consumer<String> notes) {
    DataSet pictures = open(data, "train", decoder, notes);
    if (pictures.classes().size() < 2) {
      throw new IllegalArgumentException(
          "--data "
              + data
              + ": train has only one class, "
              + pictures.classes().getFirst()
              + "; there must be a folder for each of two classes or more");
    }
    return pictures;
  }

  /** The pictures that decide accuracies: DIR/val, likewise. */
  public DataSet val(Path data, ImageDecoder decoder, Consumer<String> notes) {
    return open(data, "val", decoder, notes);
  }

  private DataSet open(Path data, String part, ImageDecoder decoder, Consumer<String> notes) {
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
    if (!pictures.leftOut().isEmpty()) {
      notes.accept(folder + ": left out are " + LeftOut.list(pictures.leftOut()));
    }
    return new CachedPictures(pictures, Runtime.getRuntime().maxMemory() / 4);
  }
}
