package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.cli.Program.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names of folders, files and classes, and what readers say, reach no terminal as they are. */
@DisabledOnOs(OS.WINDOWS) // which has no such names
final class HostileNamesTest {
  private static final String EVIL = "a\u001B[31m\nthumbnet: all is well\u009B2J\u202E";
  private static final String SPELLED = "a\\u001B[31m\\nthumbnet: all is well\\u009B2J\\u202E";

  @TempDir static Path temp;

  private static Path data;
  private static Path model;
  private static Outcome trained;

  @BeforeAll
  static void train() throws IOException {
    data = Folders.make(temp.resolve("data" + EVIL), 16, 2, 1);
    for (String part : new String[] {"train", "val"}) {
      Files.move(data.resolve(part).resolve("sea"), data.resolve(part).resolve(EVIL));
    }
    Files.writeString(data.resolve("train").resolve(EVIL).resolve("x." + EVIL), "");
    model = temp.resolve(EVIL + ".safetensors");
    trained =
        Program.run(
            "train",
            "--data=" + data,
            "--out=" + model,
            "--size=16",
            "--width=0.0625",
            "--epochs=1",
            "--batch=8");
  }

  private static void check(Outcome outcome) {
    String all = outcome.out() + outcome.err();
    assertThat(all.codePoints())
        .allMatch(c -> c == '\n' || !Character.isISOControl(c) && c != 0x202E);
    assertThat(all.lines()).noneMatch(line -> line.startsWith("thumbnet: all is well"));
    // Messages about pictures have question marks.
    assertThat(all).containsAnyOf("a\\u001B[31m", "a?[31m");
  }

  @Test
  void ofATraining() {
    assertThat(trained.code()).isZero();
    check(trained);
    assertThat(trained.err()).contains("left out are 1 .");
  }

  @Test
  void ofAModel() {
    Outcome info = Program.run("info", model.toString());
    assertThat(info.code()).isZero();
    check(info);
    Outcome evaluated = Program.run("evaluate", model.toString(), "--data=" + data);
    assertThat(evaluated.code()).isZero();
    check(evaluated);
  }

  @Test
  void ofPicturesAlsoAsJson() throws IOException {
    Path picture;
    try (var files = Files.list(data.resolve("val").resolve(EVIL))) {
      picture = files.findFirst().orElseThrow();
    }
    check(Program.run("classify", model.toString(), picture.toString(), "--top=12"));
    Outcome json = Program.run("classify", model.toString(), picture.toString(), "--json");
    check(json);
    assertThat(json.out()).startsWith("[").contains(SPELLED);
    check(Program.run("classify", model.toString(), model.toString()));
  }

  @Test
  void ofMistakes() {
    check(Program.run(EVIL));
    check(Program.run("info", "--" + EVIL));
    check(Program.run("evaluate", model.toString(), "--data=" + EVIL));
    check(Program.run("train", "--data=" + data, "--out=" + model));
    check(Program.run("info", EVIL));
    check(Program.run("reproduce", "--study=" + EVIL));
    check(Program.run("reproduce", "--epochs=" + EVIL));
  }
}
