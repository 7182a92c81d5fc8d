package dev.thumbnet.bench.peers;

import dev.thumbnet.engine.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The files of a comparison in the folder {@code bench}, and the option that names them. */
public final class ResultFiles {
  private static final Path FOLDER = Path.of("bench", "results");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "of the files in bench/results: raw figures as JSON and tables (default: today's date)")
  private String name = LocalDate.now(ZoneOffset.UTC).toString();

  private final String suffix;
  private final Path newest;

  /**
   * @param suffix what follows the name
   * @param newest the file in {@code bench} for the tables of the newest whole run
   */
  public ResultFiles(String suffix, String newest) {
    this.suffix = suffix;
    this.newest = Path.of("bench", newest);
  }

  /** Returns the file with the raw figures. */
  public Path raw() {
    return FOLDER.resolve(name + suffix + ".json");
  }

  private Path tables() {
    return FOLDER.resolve(name + suffix + ".md");
  }

  /** Writes both, and says so. */
  public void write(Object results, String tables) throws IOException {
    Files.createDirectories(FOLDER);
    byte[] json =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsBytes(results);
    AtomicFile.write(raw(), stream -> stream.write(json));
    Files.writeString(tables(), tables);
    System.err.println("wrote " + raw() + " and " + tables());
  }

  /** Makes these tables the newest ones. */
  public void publish() throws IOException {
    Files.copy(tables(), newest, StandardCopyOption.REPLACE_EXISTING);
  }
}
