package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the pages of all modules name exists in the sources: classes, members, packages, properties.
 * Pages of results that have a date tell of their day and are not asked.
 */
final class PagesTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> MODULES = List.of("engine", "thumbnet", "bench");

  /** What pages name of the JDK, whose sources are elsewhere. */
  private static final Set<String> OF_THE_JDK =
      Set.of(
          "ArithmeticException",
          "BufferedImage",
          "CancellationException",
          "FloatVector",
          "ModuleBootstrap",
          "System");

  /** What is between backticks; commands have blocks of their own. */
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  /** A type, perhaps in a package and with a member. */
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z]+\\.)*([A-Z]\\w*[a-z]\\w*)((?:\\.[A-Za-z]\\w*)*)");

  private static final Pattern TYPE = Pattern.compile("(?:class|interface|record|enum) (\\w+)");
  private static final Pattern PACKAGE = Pattern.compile("[a-z]+(\\.[a-z]+)+");
  private static final Pattern FILE = Pattern.compile(".*\\.(cu|md|java|json|txt|module)");
  private static final Pattern PROPERTY = Pattern.compile("dev\\.thumbnet(\\.[a-z]+)+");
  private static final Pattern NO_CODE =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

  /** What stands before a name that is used, not declared. */
  private static final Set<String> STATEMENTS =
      Set.of("return", "yield", "new", "throw", "else", "case", "assert", "instanceof");

  private static List<Path> files(String ending) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String module : MODULES) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
        files
            .filter(file -> file.toString().endsWith(ending))
            .filter(file -> !file.startsWith(ROOT.resolve("bench/results")))
            .filter(file -> !isBuilt(file))
            .forEach(found::add);
      }
    }
    return found;
  }

  private static boolean isBuilt(Path file) {
    for (Path name : file) {
      if (name.toString().equals("target")) {
        return true;
      }
    }
    return false;
  }

  private static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>();
    pages.add(Files.readString(ROOT.resolve("README.md")));
    for (Path page : files(".md")) {
      pages.add(Files.readString(page));
    }
    return pages;
  }

  /** Returns what pages quote. A line may end within, a paragraph may not. */
  private static List<String> quoted() throws IOException {
    List<String> words = new ArrayList<>();
    for (String page : pages()) {
      for (String paragraph : page.replaceAll("(?s)```.*?```", "").split("\n\\s*\n")) {
        Matcher matcher = QUOTED.matcher(paragraph);
        while (matcher.find()) {
          words.add(matcher.group(1));
        }
      }
    }
    return words;
  }

  /** Returns the code, without comments and strings, of all files that declare a type, by type. */
  private static Map<String, StringBuilder> declarations() throws IOException {
    Map<String, StringBuilder> types = new HashMap<>();
    for (Path source : files(".java")) {
      String code = NO_CODE.matcher(Files.readString(source)).replaceAll("");
      Matcher declared = TYPE.matcher(code);
      while (declared.find()) {
        types.computeIfAbsent(declared.group(1), _ -> new StringBuilder()).append(code);
      }
    }
    return types;
  }

  /** Tells whether code declares a method, a field, a component, a constant or a type. */
  private static boolean declares(CharSequence code, String name) {
    Matcher typed = Pattern.compile("([\\w>\\]]+)\\s+" + name + "\\s*[(;=,){]").matcher(code);
    while (typed.find()) {
      if (!STATEMENTS.contains(typed.group(1))) {
        return true;
      }
    }
    return Pattern.compile("[{,;]\\s*" + name + "\\s*[(,;{}]").matcher(code).find()
        || Pattern.compile("(?:class|interface|record|enum) " + name + "\\b").matcher(code).find();
  }

  @Test
  void classesAndTheirMembersExist() throws IOException {
    Map<String, StringBuilder> declarations = declarations();
    int checked = 0;
    Set<String> missing = new TreeSet<>();
    for (String word : quoted()) {
      Matcher name = NAME.matcher(word);
      if (name.lookingAt() && !OF_THE_JDK.contains(name.group(1))) {
        checked++;
        StringBuilder code = declarations.get(name.group(1));
        Stream<String> members = Stream.of(name.group(2).split("\\.")).filter(m -> !m.isEmpty());
        if (code == null || !members.allMatch(member -> declares(code, member))) {
          missing.add(word);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).isGreaterThan(200);
  }

  @Test
  void aMemberIsDeclaredNotOnlyUsed() {
    String code =
        """
        enum Kind {
          ONE,
          TWO(2) {},
          THREE;
          final int[] field = used(1);
          <T> List<T> method(int x) {
            return called(x) + object.other(CONSTANT);
          }
        }
        record Two(int first, List<String> second) {}
        """;
    assertThat(List.of("ONE", "TWO", "THREE", "field", "method", "first", "second", "Two"))
        .allMatch(name -> declares(code, name));
    assertThat(List.of("used", "called", "other", "CONSTANT", "object"))
        .noneMatch(name -> declares(code, name));
  }

  @Test
  void packagesExist() throws IOException {
    Set<String> missing = new TreeSet<>();
    for (String word : quoted()) {
      boolean other = FILE.matcher(word).matches() || word.matches("(jdk|dev|java)\\..*");
      if (PACKAGE.matcher(word).matches() && !other && !isPackage("dev.thumbnet.", word)) {
        missing.add(word);
      }
    }
    assertThat(missing).isEmpty();
  }

  private static boolean isPackage(String before, String word) {
    return Stream.of("", "engine.", "engine.backend.", "engine.backend.cpu.", "bench.")
        .map(in -> (before + in + word).replace('.', '/'))
        .flatMap(
            folder ->
                MODULES.stream()
                    .flatMap(m -> Stream.of("main", "test").map(tree -> m + "/src/" + tree))
                    .map(tree -> ROOT.resolve(tree).resolve("java").resolve(folder)))
        .anyMatch(Files::isDirectory);
  }

  @Test
  void propertiesAreRead() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path source : files(".java")) {
      if (source.toString().contains("/src/main/")) {
        all.append(Files.readString(source));
      }
    }
    Set<String> properties = new TreeSet<>();
    for (String page : pages()) {
      Matcher matcher = PROPERTY.matcher(page);
      while (matcher.find()) {
        properties.add(matcher.group());
      }
    }
    assertThat(properties)
        .isNotEmpty()
        .allSatisfy(
            p -> assertThat(all.indexOf('"' + p + '"') >= 0 || isPackage("", p)).as(p).isTrue());
  }
}
