package dev.thumbnet.experiment;

import dev.thumbnet.engine.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@link Results} as JSON, one member for each component of the records. */
public final class ResultsFile {
  private static final JsonMapper JSON =
      NamesInResults.addTo(JsonMapper.builder())
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  private ResultsFile() {}

  /**
   * Reads results.
   *
   * @throws IllegalArgumentException if the file is missing, damaged or of another version
   */
  public static Results read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
    try {
      int format = JSON.readTree(text).path("format").asInt(0);
      if (format != Results.FORMAT) {
        throw new IllegalArgumentException(
            file
                + ": has layout version "
                + format
                + ", but this program reads version "
                + Results.FORMAT
                + "; run the experiment again into another folder");
      }
      return JSON.readValue(text, Results.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + ": is no results file: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes results; the file appears complete or not at all. */
  public static void write(Results results, Path file) {
    writeText(file, JSON.writeValueAsString(results) + "\n");
  }

  /** Writes a text file; it appears complete or not at all. */
  static void writeText(Path file, String text) {
    try {
      AtomicFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
