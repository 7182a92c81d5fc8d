package dev.thumbnet.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run writes after each start; one that was stopped goes on where it was, or begins anew. */
class RunTest {
  @TempDir private Path folder;
  private ResultFiles files;
  private final List<Integer> made = new ArrayList<>();

  @BeforeEach
  void nameFiles() {
    files = new ResultFiles(folder.resolve("results"), "toys");
  }

  private Run<Integer, Toys> begin(boolean resume, String command) throws IOException {
    return Run.begin(files, resume, new Toys(command, new ArrayList<>()), Toys.class);
  }

  /** Makes two starts of each of two kinds by turns; fails instead of the start of a number. */
  private void measure(Run<Integer, Toys> run, int failing) throws Exception {
    for (int i = 1; i <= 2; i++) {
      for (String kind : List.of("a", "b")) {
        int value = 10 * i + kind.charAt(0) - 'a';
        run.start(
            kind,
            i,
            2,
            () -> {
              if (value == failing) {
                throw new IOException("the process was killed");
              }
              made.add(value);
              return value;
            });
      }
    }
  }

  @Test
  void aStoppedRunGoesOn() throws Exception {
    assertThatIOException()
        .isThrownBy(() -> measure(begin(false, "toy"), 20))
        .withMessage("the process was killed");
    assertThat(made).containsExactly(10, 11);
    assertThat(folder.resolve("results/toys.md")).hasContent("2 toys");

    Run<Integer, Toys> resumed = begin(true, "toy");
    assertThat(resumed.has("a", 1)).isTrue();
    assertThat(resumed.has("a", 2)).isFalse();
    measure(resumed, 0);
    assertThat(made).containsExactly(10, 11, 20, 21);
    assertThat(resumed.results().toys())
        .extracting(Toys.Toy::value)
        .containsExactlyElementsOf(made);
    assertThat(folder.resolve("results/toys.md")).hasContent("4 toys");
    assertThat(ResultFiles.read(files.raw(), Toys.class)).isEqualTo(resumed.results());
    assertThat(folder.resolve("results"))
        .isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));

    measure(begin(true, "toy"), 0);
    assertThat(made).as("a whole run has nothing to do").hasSize(4);
  }

  @Test
  void beginsAnewUnlessAsked() throws Exception {
    measure(begin(false, "toy"), 0);
    measure(begin(false, "toy"), 0);
    assertThat(made).hasSize(8);
    assertThat(ResultFiles.read(files.raw(), Toys.class).toys()).hasSize(4);
  }

  @Test
  void withoutFilesResumingIsBeginning() throws Exception {
    measure(begin(true, "toy"), 0);
    assertThat(made).hasSize(4);
  }

  @Test
  void doesNotGoOnWithAnotherRun() throws Exception {
    measure(begin(false, "toy"), 0);
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> begin(true, "toy --quick"))
        .withMessageContaining("toys.json was made under other conditions (toy, a machine)");
  }

  @Test
  void explainsAFileThatIsNoneOfItsOwn() throws Exception {
    Files.createDirectories(files.raw().getParent());
    for (String text :
        List.of(
            "",
            "{\"command\" : \"toy\", \"to",
            "{\"command\" : \"toy\"}",
            "{\"command\" : \"toy\", \"toys\" : [], \"more\" : 1}",
            "[]")) {
      Files.writeString(files.raw(), text);
      assertThatIOException()
          .isThrownBy(() -> begin(true, "toy"))
          .withMessageContaining("toys.json has no results: ");
      assertThat(files.raw()).hasContent(text);
    }
  }

  @Test
  void publishes() throws Exception {
    measure(begin(false, "toy"), 0);
    Path newest = folder.resolve("NEWEST.md");
    files.publish(newest);
    files.publish(newest);
    assertThat(newest).hasContent("4 toys");
  }
}
