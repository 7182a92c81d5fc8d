package dev.thumbnet.bench.harness;

import dev.thumbnet.engine.io.AtomicFile;
import dev.thumbnet.experiment.results.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The two files of a run: raw figures as JSON, and tables. */
public final class ResultFiles {
  private static final JsonMapper JSON =
      JsonText.mapper(true)
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path raw;
  private final Path tables;

  /** Names them; they need not be there. */
  public ResultFiles(Path folder, String name) {
    raw = folder.resolve(name + ".json");
    tables = folder.resolve(name + ".md");
  }

  Path raw() {
    return raw;
  }

  /**
   * Reads raw figures.
   *
   * @throws IOException if the file cannot be read or holds something else
   */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    try {
      return JSON.readValue(Files.readString(file), type);
    } catch (JacksonException e) {
      throw new IOException(file + " has no results: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes raw figures; whoever reads them finds all or nothing. */
  public static void write(Path file, Object results) throws IOException {
    byte[] json = JSON.writeValueAsBytes(results);
    AtomicFile.write(file, stream -> stream.write(json));
  }

  /** Writes both. */
  void write(Results<?> results) throws IOException {
    Files.createDirectories(raw.toAbsolutePath().getParent());
    write(raw, results);
    writePage(tables, results.tables());
  }

  /** Writes a page; whoever reads it finds all or nothing. */
  public static void writePage(Path file, String markdown) throws IOException {
    byte[] bytes = markdown.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, stream -> stream.write(bytes));
  }

  /** Makes these tables the newest ones of a whole run. */
  public void publish(Path newest) throws IOException {
    AtomicFile.write(newest, stream -> Files.copy(tables, stream));
  }

  @Override
  public String toString() {
    return raw + " and " + tables;
  }
}
