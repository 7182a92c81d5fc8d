package dev.thumbnet.cli;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.synthetic.SyntheticPictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of drawn pictures, as users have them of photographs. */
final class Folders {
  private Folders() {}

  /** Makes train and val in a folder. */
  static Path make(Path data, int side, int trainPerClass, int valPerClass) {
    write(SyntheticPictures.train(side, trainPerClass, 1), data.resolve("train"));
    write(SyntheticPictures.val(side, valPerClass, 1), data.resolve("val"));
    return data;
  }

  private static void write(DataSet set, Path folder) {
    try {
      for (int i = 0; i < set.size(); i++) {
        Path classFolder = folder.resolve(set.classes().get(set.label(i)));
        Files.createDirectories(classFolder);
        set.get(i).writePng(classFolder.resolve(String.format("%04d.png", i)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
