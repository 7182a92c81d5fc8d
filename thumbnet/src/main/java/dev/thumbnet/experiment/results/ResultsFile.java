package dev.thumbnet.experiment.results;

import dev.thumbnet.engine.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@link Results} as JSON. */
public final class ResultsFile {
  private static final JsonMapper JSON = JsonText.mapper(true);

  private ResultsFile() {}

  /**
   * Reads results of this or an older format.
   *
   * @throws IllegalArgumentException if the file is missing, damaged or of a newer format
   */
  public static Results read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
    try {
      return results(new JsonObject("", JSON.readValue(text, Map.class)));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + ": is no results file: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static Results results(JsonObject json) {
    int format = json.integer("format");
    return switch (format) {
      case 1 -> FirstFormat.results(json);
      case ResultsWriter.FORMAT -> ResultsReader.results(json);
      default ->
          throw new IllegalArgumentException(
              "has layout version "
                  + format
                  + ", but this program reads versions 1 to "
                  + ResultsWriter.FORMAT
                  + "; use a newer program, or run the experiment again into another folder");
    };
  }

  /** Writes results in the newest format; the file appears complete or not at all. */
  public static void write(Results results, Path file) {
    writeText(file, JSON.writeValueAsString(ResultsWriter.json(results)) + "\n");
  }

  /** Writes a text file; it appears complete or not at all. */
  public static void writeText(Path file, String text) {
    try {
      AtomicFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
