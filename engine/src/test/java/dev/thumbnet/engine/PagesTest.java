package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What ARCHITECTURE.md names exists in the sources: classes, members, packages, properties. */
final class PagesTest {
  private static final Path PAGE = Path.of("ARCHITECTURE.md");
  private static final List<Path> SOURCES = List.of(Path.of("src"), Path.of("../bench/src"));

  /** What is between backticks within a line; commands have blocks of their own. */
  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");

  private static final Pattern NAME = Pattern.compile("[A-Z]\\w*[a-z]\\w*(\\.[A-Za-z]\\w*)*");
  private static final Pattern MEMBER = Pattern.compile("\\.([a-z]\\w*)");
  private static final Pattern PACKAGE = Pattern.compile("[a-z]+(\\.[a-z]+)+");
  private static final Pattern PROPERTY = Pattern.compile("dev\\.thumbnet\\.engine(\\.[a-z]+)+");

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  private static List<String> quoted(String page) {
    List<String> words = new ArrayList<>();
    Matcher matcher = QUOTED.matcher(page.replaceAll("(?s)```.*?```", ""));
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return words;
  }

  /** Returns the sources of the engine, its tests, the generator of tiles, and the benchmarks. */
  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path folder : SOURCES) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  @Test
  void classesAndTheirMembersExist() throws IOException {
    StringBuilder all = new StringBuilder();
    Set<String> types = new TreeSet<>();
    Matcher declared = Pattern.compile("(?:class|interface|record|enum) (\\w+)").matcher("");
    for (Path source : sources()) {
      String text = Files.readString(source);
      all.append(text);
      declared.reset(text);
      while (declared.find()) {
        types.add(declared.group(1));
      }
    }
    List<String> checked = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    for (String word : quoted(page())) {
      Matcher name = NAME.matcher(word);
      if (name.lookingAt()) {
        checked.add(word);
        String type = name.group().replaceAll("\\..*", "");
        if (!types.contains(type)) {
          missing.add(word);
        }
        Matcher member = MEMBER.matcher(name.group());
        while (member.find()) {
          if (!Pattern.compile("\\b" + member.group(1) + "\\b").matcher(all).find()) {
            missing.add(word);
          }
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).hasSizeGreaterThan(40);
  }

  @Test
  void packagesExist() throws IOException {
    List<Path> roots =
        Stream.of("src/main/java", "src/test/java")
            .map(tree -> Path.of(tree, "dev/thumbnet/engine"))
            .toList();
    Set<String> missing = new TreeSet<>();
    for (String word : quoted(page())) {
      boolean other = word.matches(".*\\.(cu|md|java|txt|module|vector)|jdk\\..*|dev\\..*");
      if (PACKAGE.matcher(word).matches() && !other) {
        String folder = word.replace('.', '/');
        boolean found =
            Stream.of("", "backend", "backend/cpu")
                .flatMap(in -> roots.stream().map(root -> root.resolve(in).resolve(folder)))
                .anyMatch(Files::isDirectory);
        if (!found) {
          missing.add(word);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void propertiesAreRead() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path source : sources()) {
      if (source.startsWith("src/main")) {
        all.append(Files.readString(source));
      }
    }
    Set<String> properties = new TreeSet<>();
    Matcher matcher = PROPERTY.matcher(page());
    while (matcher.find()) {
      properties.add(matcher.group());
    }
    assertThat(properties)
        .isNotEmpty()
        .allSatisfy(
            p -> assertThat(all.indexOf('"' + p + '"') >= 0 || isPackage(p)).as(p).isTrue());
  }

  private static boolean isPackage(String name) {
    return Files.isDirectory(Path.of("src/main/java", name.split("\\.")));
  }
}
