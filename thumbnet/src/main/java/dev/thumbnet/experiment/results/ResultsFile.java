package dev.thumbnet.experiment.results;

import dev.thumbnet.engine.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
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

  private static final String REMEDY =
      "; take back an older copy, or run the experiment again into another folder";

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
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": is no text in UTF-8" + REMEDY, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage(), e);
    }
    try {
      Map<?, ?> members = JSON.readValue(text, Map.class);
      if (members == null) {
        throw new IllegalArgumentException("holds nothing");
      }
      return ResultsCheck.checked(results(new JsonObject("", members)));
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new IllegalArgumentException(file + ": is no results file: " + reason + REMEDY, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage() + REMEDY, e);
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
                  + " and needs a newer one for others");
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
