package dev.thumbnet.experiment.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** JSON has no NaN, and no text in its place. */
final class JsonTextTest {
  private record Holder(double plain, Double boxed, List<Double> list) {}

  @Test
  void numbersThatAreNoneAreNull() {
    Holder holder =
        new Holder(Double.NaN, Double.POSITIVE_INFINITY, Arrays.asList(1.5, -1 / 0.0, null));
    assertThat(JsonText.mapper(false).writeValueAsString(holder))
        .isEqualTo("{\"plain\":null,\"boxed\":null,\"list\":[1.5,null,null]}");
    assertThat(JsonText.mapper(false).writeValueAsString(new double[] {Double.NaN, 2}))
        .isEqualTo("[null,2.0]");
  }

  @Test
  void nullIsReadAsNoNumber() {
    Map<?, ?> read = JsonText.mapper(true).readValue("{\"loss\":null,\"x\":2}", Map.class);
    JsonObject json = new JsonObject("", read);
    assertThat(json.number("loss")).isNaN();
    assertThat(json.number("x")).isEqualTo(2);
    assertThat(json.optionalPercent("loss")).isEmpty();
  }
}
