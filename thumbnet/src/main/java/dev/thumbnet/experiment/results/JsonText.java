package dev.thumbnet.experiment.results;

import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * JSON as all programs read it. It has no number for NaN and the infinities, for which {@code null}
 * is written, not a text.
 */
public final class JsonText {
  private JsonText() {}

  /**
   * Returns what reads and writes JSON.
   *
   * @param indented whether it writes many lines
   */
  public static JsonMapper mapper(boolean indented) {
    SimpleModule finite = new SimpleModule().addSerializer(double[].class, new EachFiniteOrNull());
    for (Class<Double> type : List.of(Double.class, double.class)) {
      finite.addSerializer(type, new FiniteOrNull());
    }
    return JsonMapper.builder()
        .addModule(finite)
        .configure(SerializationFeature.INDENT_OUTPUT, indented)
        .build();
  }

  private static void write(double value, JsonGenerator json) {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  private static final class FiniteOrNull extends ValueSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      write(value, json);
    }
  }

  private static final class EachFiniteOrNull extends ValueSerializer<double[]> {
    @Override
    public void serialize(double[] values, JsonGenerator json, SerializationContext context) {
      json.writeStartArray();
      for (double value : values) {
        write(value, json);
      }
      json.writeEndArray();
    }
  }
}
