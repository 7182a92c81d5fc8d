package dev.thumbnet.experiment.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Whatever entry of results is missing, of another kind or beyond all sense is named. */
final class DamagedResultsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Words for people may be any; what keys and files are called is compared with the rest. */
  private static final Set<String> WORDS =
      Set.of(
          "version",
          "command",
          "processor",
          "system",
          "java",
          "device",
          "note",
          "fingerprint",
          "name",
          "explanation",
          "label",
          "network",
          "caption",
          "subject",
          "phase");

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("results.json");
  }

  private String good;

  @BeforeEach
  void writeResults() throws IOException {
    ResultsFile.write(MadeUpResults.withAnswers(MadeUpResults.complete(List.of(1L, 2L))), file());
    good = Files.readString(file());
  }

  private Map<String, Object> good() {
    return JSON.readValue(good, new TypeReference<>() {});
  }

  private void assertRefused(String what, Object json) throws IOException {
    Files.writeString(file(), JSON.writeValueAsString(json));
    assertRefused(what);
  }

  private void assertRefused(String what) {
    assertThatThrownBy(() -> ResultsFile.read(file()), what)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file() + ": ")
        .hasMessageEndingWith("run the experiment again into another folder")
        .message()
        .doesNotContain("\n", "Exception");
  }

  private static final Set<String> OPTIONAL =
      Set.of("timing", "trainAcc1", "valAcc1", "right", "notes", "compiled", "measured");

  /** A place in the JSON text: what holds the value, and how to put another one there. */
  private record Place(String path, String name, Object value, Consumer<Object> put) {}

  private static List<Place> places(Object json, String path) {
    List<Place> places = new ArrayList<>();
    if (json instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked")
      Map<String, Object> members = (Map<String, Object>) map;
      members.forEach(
          (name, value) -> {
            String at = path + "." + name;
            places.add(
                new Place(
                    at,
                    name,
                    value,
                    other -> {
                      if (other == null) {
                        members.remove(name);
                      } else {
                        members.put(name, other);
                      }
                    }));
          });
      members.forEach((name, value) -> places.addAll(places(value, path + "." + name)));
    } else if (json instanceof List<?> list && !list.isEmpty()) {
      // One of each list stands for the others.
      places.addAll(places(list.getFirst(), path + "[0]"));
    }
    return places;
  }

  private void checkAll(String what, Function<Place, Object> other) throws IOException {
    int count = places(good(), "").size();
    assertThat(count).isGreaterThan(80);
    for (int i = 0; i < count; i++) {
      Map<String, Object> json = good();
      Place place = places(json, "").get(i);
      Object value = other.apply(place);
      if (place.value() != null && !place.value().equals(value)) {
        place.put().accept(value);
        if (isOptional(place, value)) {
          Files.writeString(file(), JSON.writeValueAsString(json));
          assertThat(ResultsFile.read(file())).isNotNull();
        } else {
          assertRefused(place.path() + " " + what, json);
        }
      }
    }
  }

  /**
   * A time and accuracies that were not measured may be missing, and old files name no network and
   * hold neither answers nor notes nor what came later.
   */
  private static boolean isOptional(Place place, Object value) {
    return value == null
        && (OPTIONAL.contains(place.name()) && place.path().contains("runs")
            || place.path().equals(".paperCosts[0].network")
            || place.path().contains(".losses.")
            || place.path().contains(".notes.")
            || place.path().contains(".measured.")
            || place.path().contains(".point.settings."));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    checkAll("is missing", _ -> null);
  }

  @Test
  void anotherKindIsRefused() throws IOException {
    checkAll("is a list", place -> place.value() instanceof List<?> ? Map.of() : List.of());
    checkAll(
        "is true",
        place ->
            isSetting(place) ? place.value() : place.value() instanceof Boolean ? "true" : true);
  }

  @Test
  void numbersBeyondAllSenseAreRefused() throws IOException {
    for (Object value : new Object[] {-1, -1e300, 1e300, Long.MAX_VALUE, Long.MIN_VALUE}) {
      checkAll(
          "is " + value,
          place ->
              place.value() instanceof Number && !mayBeAny(place.path(), value)
                  ? value
                  : place.value());
    }
  }

  /**
   * A loss may be any number, as may what a study measures, and a note whatever a training notes.
   * Settings are compared with those of the experiment that is to go on.
   */
  private static boolean mayBeAny(String path, Object value) {
    return path.endsWith(".loss")
        || path.contains(".losses.")
        || path.contains(".notes.")
        || path.contains(".measured.")
        || path.startsWith(".settings.")
        || path.contains(".point.settings.")
        || value == null;
  }

  @Test
  void textsThatSomethingGoesByAreRefused() throws IOException {
    for (String text : List.of("", "../../x", "/x", "y".repeat(1000))) {
      checkAll(
          "is " + text,
          place ->
              place.value() instanceof String
                      && !WORDS.contains(place.name())
                      && !place.path().startsWith(".study")
                      && !isSetting(place)
                      && !(mayBeCalledAnything(place) && !text.contains("x"))
                  ? text
                  : place.value());
    }
  }

  private static boolean isSetting(Place place) {
    return place.path().contains(".settings.") || place.path().contains(".notes.");
  }

  private static boolean mayBeCalledAnything(Place place) {
    return Set.of("model", "picture", "file").contains(place.name())
        || place.path().endsWith(".point.key");
  }

  @Test
  void whatIsThereTwiceIsRefused() throws IOException {
    for (String name : List.of("seeds", "data", "methods", "rows")) {
      Map<String, Object> json = good();
      @SuppressWarnings("unchecked")
      Map<String, Object> holder =
          name.equals("seeds") ? (Map<String, Object>) json.get("settings") : json;
      List<Object> twice = new ArrayList<>((List<?>) holder.get(name));
      twice.add(twice.getFirst());
      holder.put(name, twice);
      assertRefused(name, json);
    }
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    for (String text : List.of("", "null", "[]", "1", "{}", "{\"format\": 2}", "{\"format\": 2,")) {
      Files.writeString(file(), text);
      assertRefused(text);
    }
    Files.writeString(file(), "[".repeat(100_000));
    assertRefused("deep");
    Files.write(file(), "\u00E4".getBytes(StandardCharsets.ISO_8859_1));
    assertRefused("no UTF-8");
    Map<String, Object> json = new LinkedHashMap<>(good());
    json.put("format", -1);
    assertRefused("format", json);
  }
}
