package dev.thumbnet.experiment;

import dev.thumbnet.engine.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where an experiment writes: {@code results.json}, {@code report.html}, {@code models}, {@code
 * gallery}, and while it runs {@code checkpoints}.
 *
 * @param root the folder itself
 */
record ResultsFolder(Path root) {

  /**
   * Makes the folder, or checks that it may be used.
   *
   * @param resume whether it may hold an experiment already
   * @throws IllegalArgumentException if it holds anything and is not to be resumed
   */
  void prepare(boolean resume) {
    try {
      if (Files.exists(root) && !Files.isDirectory(root)) {
        throw new IllegalArgumentException(root + ": is a file, not a folder");
      }
      Files.createDirectories(root);
      if (!isEmpty()) {
        checkResumable(resume);
      }
      AtomicFile.removeUnfinished(root);
      for (String name : new String[] {"models", "gallery", "checkpoints"}) {
        Files.createDirectories(root.resolve(name));
        AtomicFile.removeUnfinished(root.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": cannot be made or read: " + e.getMessage(), e);
    }
  }

  private boolean isEmpty() throws IOException {
    try (Stream<Path> files = Files.list(root)) {
      return files.findAny().isEmpty();
    }
  }

  private void checkResumable(boolean resume) {
    boolean experiment = Files.exists(root.resolve("checkpoints"));
    if (!experiment) {
      throw new IllegalArgumentException(
          root + ": is not empty, and not from an experiment; choose a new folder");
    }
    if (!resume) {
      throw new IllegalArgumentException(
          root + ": holds an experiment; continue it with --resume, or choose a new folder");
    }
  }

  Path results() {
    return root.resolve("results.json");
  }

  Path report() {
    return root.resolve("report.html");
  }

  Path table() {
    return root.resolve("table.md");
  }

  Path model(String name) {
    return root.resolve("models").resolve(name + ".safetensors");
  }

  Path checkpoint(String name) {
    return root.resolve("checkpoints").resolve(name + ".safetensors");
  }
}
