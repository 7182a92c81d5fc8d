package dev.thumbnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells users to write must compile. */
final class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern PROGRAM =
      Pattern.compile("```java\\R(.*?class (\\w+) .*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^):]+)\\)");

  @TempDir Path temporary;

  @Test
  void itsProgramsCompile() throws Exception {
    Matcher program = PROGRAM.matcher(Files.readString(ROOT.resolve("README.md")));
    int programs = 0;
    for (; program.find(); programs++) {
      compile(program.group(2), program.group(1));
    }
    assertThat(programs).isEqualTo(2);
  }

  private void compile(String name, String program) throws Exception {
    Path source = temporary.resolve(name + ".java");
    Files.writeString(source, program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of("-d", temporary.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
  }

  @Test
  void theFilesItLinksToExist() throws Exception {
    Matcher link = LINK.matcher(Files.readString(ROOT.resolve("README.md")));
    int links = 0;
    for (; link.find(); links++) {
      assertThat(ROOT.resolve(link.group(1))).exists();
    }
    assertThat(links).isPositive();
  }
}
