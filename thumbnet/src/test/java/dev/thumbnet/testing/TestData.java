package dev.thumbnet.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the real pictures that some tests look at; they are no part of the project. */
public final class TestData {
  private TestData() {}

  /**
   * The folder with this name in the one that the environment variable or system property {@code
   * THUMBNET_DATA} names, or else in {@code ../shared/data} beside the project. The test is skipped
   * if there is none.
   */
  public static Path folder(String name) {
    String configured = System.getProperty("THUMBNET_DATA", System.getenv("THUMBNET_DATA"));
    Path data = configured == null ? Path.of("../../shared/data") : Path.of(configured);
    Path folder = data.resolve(name);
    assumeTrue(
        Files.isDirectory(folder),
        () ->
            "skipped: there is no folder "
                + folder.toAbsolutePath().normalize()
                + "; set THUMBNET_DATA");
    return folder;
  }
}
