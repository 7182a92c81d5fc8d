package dev.thumbnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/thumbnet} finds itself, a JDK and a locale, wherever and however it is called. */
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("bin/thumbnet");

  @TempDir Path temp;

  private Path root;
  private Path jdk;

  /** A build and a JDK as the launcher looks for them; its java prints what it is given. */
  @BeforeEach
  void make() throws IOException {
    temp = temp.toRealPath();
    root = temp.resolve("home");
    Path launcher = root.resolve("thumbnet/bin/thumbnet");
    Files.createDirectories(launcher.getParent());
    Files.copy(LAUNCHER, launcher);
    script(launcher, Files.readString(LAUNCHER));
    Files.createDirectories(root.resolve("thumbnet/target/lib"));
    Files.createDirectories(root.resolve("thumbnet/src/main"));
    Files.createDirectories(root.resolve("engine/src/main"));
    Files.createFile(root.resolve("thumbnet/target/thumbnet.jar"));
    jdk = temp.resolve("jdk");
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"), "JAVA_VERSION=\"25\"\nMODULES=\"jdk.incubator.vector\"\n");
    script(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"locale=${LC_ALL:-}\" \"$@\"\n");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_"));
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private void assertStarts(String output, String... arguments) {
    String jar = root + "/thumbnet/target/thumbnet.jar:" + root + "/thumbnet/target/lib";
    assertThat(output.lines().toList()).contains(jar).endsWith(arguments);
  }

  @Test
  void argumentsArePassedOnAsTheyAre() throws Exception {
    String[] arguments = {"classify", "@a b", "-", "--", "$x", "*", "'\""};
    String[] command = new String[arguments.length + 1];
    command[0] = root.resolve("thumbnet/bin/thumbnet").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    String output = run(Map.of(), command);
    assertStarts(output, arguments);
    assertThat(output).contains("-Dthumbnet.terminal=false");
  }

  @Test
  void linksAndSearchPathsDoNotLeadAstray() throws Exception {
    Path decoy = temp.resolve("decoy");
    Files.createDirectories(decoy.resolve("home/thumbnet/bin"));
    Map<String, String> cdpath = Map.of("CDPATH", decoy.toString());
    assertStarts(run(cdpath, "home/thumbnet/bin/thumbnet", "info"), "info");
    Files.createSymbolicLink(temp.resolve("one"), Path.of("home/thumbnet/bin/thumbnet"));
    Files.createSymbolicLink(temp.resolve("two"), temp.resolve("one"));
    assertStarts(run(cdpath, "./two", "info"), "info");
    assertStarts(run(cdpath, "sh", "one", "info"), "info");
  }

  @Test
  void aLocaleOfAsciiIsReplaced() throws Exception {
    Path tools = Files.createDirectories(temp.resolve("tools"));
    Map<String, String> environment =
        Map.of("LC_ALL", "C", "PATH", tools + ":" + System.getenv("PATH"));
    String locale = "#!/bin/sh\ncase $1 in charmap) echo %s;; -a) printf '%s';; esac\n";
    script(
        tools.resolve("locale"), locale.formatted("ANSI_X3.4-1968", "C\\nca_ES.utf8\\nC.utf8\\n"));
    assertThat(run(environment, "home/thumbnet/bin/thumbnet")).startsWith("locale=C.utf8\n");
    script(tools.resolve("locale"), locale.formatted("US-ASCII", "C\\nPOSIX\\nde_DE.UTF-8\\n"));
    assertThat(run(environment, "home/thumbnet/bin/thumbnet")).startsWith("locale=de_DE.UTF-8\n");
    script(tools.resolve("locale"), "#!/bin/sh\nexit 127\n");
    assertThat(run(environment, "home/thumbnet/bin/thumbnet")).startsWith("locale=C.UTF-8\n");
    script(tools.resolve("locale"), locale.formatted("ISO-8859-15", "C.utf8\\n"));
    assertThat(run(environment, "home/thumbnet/bin/thumbnet")).startsWith("locale=C\n");
  }

  @Test
  void noFolderForTemporaryFilesIsNeeded() throws Exception {
    assertThat(Files.readAllLines(LAUNCHER)).noneMatch(line -> line.contains("<<"));
    Map<String, String> none = Map.of("TMPDIR", "/nonexistent", "HOME", "/nonexistent");
    assertStarts(run(none, "home/thumbnet/bin/thumbnet", "info"), "info");
  }

  @Test
  void scriptsOfTheBenchmarksFollowLinksToo() throws IOException {
    for (String name : List.of("compare", "compare-gpu", "embedding")) {
      assertThat(Path.of("../bench/bin", name))
          .content()
          .contains("readlink -f \"$0\"")
          .doesNotContain("cd \"$(dirname");
    }
  }
}
