package dev.thumbnet.engine.testing;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.DType;
import dev.thumbnet.engine.io.SafeTensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A file of what PyTorch computed; src/test/python has the script and explains the names. */
public final class Golden {
  private static final Pattern PARAMETER = Pattern.compile("\"(\\w+)\": (\\[[^]]*]|[^,}]+)");

  private final SafeTensors file;

  private Golden(SafeTensors file) {
    this.file = file;
  }

  /** Reads a file of the folder {@code golden} among the test resources. */
  public static Golden read(String name) {
    return new Golden(SafeTensors.of(name, bytes(name)));
  }

  /** Returns the content of a file of that folder. */
  public static byte[] bytes(String name) {
    try (InputStream stream = Golden.class.getResourceAsStream("/golden/" + name)) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the cases of one operation; fails if there are none. */
  public List<Case> cases(String op) {
    List<Case> cases =
        file.metadata().entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(op + ".case"))
            .map(entry -> new Case(file, entry.getKey(), parameters(entry.getValue())))
            .toList();
    if (cases.isEmpty()) {
      throw new AssertionError("no case of " + op + " in " + file);
    }
    return cases;
  }

  /** The numbers of a flat JSON object; a single number is a list of one, a boolean 0 or 1. */
  private static Map<String, double[]> parameters(String json) {
    Map<String, double[]> parameters = new LinkedHashMap<>();
    Matcher matcher = PARAMETER.matcher(json);
    while (matcher.find()) {
      String value = matcher.group(2).replaceAll("[\\[\\] ]", "");
      value = value.replace("true", "1").replace("false", "0");
      if (!value.startsWith("\"")) {
        double[] numbers =
            Arrays.stream(value.split(",")).mapToDouble(Double::parseDouble).toArray();
        parameters.put(matcher.group(1), numbers);
      }
    }
    return parameters;
  }

  /**
   * One call of an operation. Tensors are asked for by their kind, which says how PyTorch's layout
   * maps to the engine's.
   */
  public record Case(SafeTensors file, String name, Map<String, double[]> parameters) {
    /** What a tensor is. */
    public enum Kind {
      /** (n, c, h, w), in the engine (n, h, w, c). */
      IMAGE(0, 2, 3, 1),
      /** (out, in, kh, kw), in the engine (kh, kw, in, out). */
      KERNEL(2, 3, 1, 0),
      /** (out, in), in the engine (in, out). */
      MATRIX(1, 0),
      /** The same in both. */
      PLAIN;

      private final int[] order;

      Kind(int... order) {
        this.order = order;
      }
    }

    /** Whether the case has a tensor. */
    public boolean has(String tensor) {
      return file.tensors().containsKey(name + "." + tensor);
    }

    /** Returns a parameter that is one number. */
    public double number(String parameter) {
      return parameters.get(parameter)[0];
    }

    /** Returns a parameter that is one or more whole numbers. */
    public int[] integers(String parameter) {
      return Arrays.stream(parameters.get(parameter)).mapToInt(v -> (int) v).toArray();
    }

    /** Returns the extents in the engine's layout. */
    public int[] shape(String tensor, Kind kind) {
      long[] shape = file.tensor(name + "." + tensor).shape();
      int[] result = new int[shape.length];
      for (int i = 0; i < result.length; i++) {
        result[i] = (int) shape[kind == Kind.PLAIN ? i : kind.order[i]];
      }
      return result;
    }

    /** Returns the elements in the engine's layout. */
    public double[] values(String tensor, Kind kind) {
      SafeTensors.Entry entry = file.tensor(name + "." + tensor);
      double[] values =
          entry.dtype() == DType.I64
              ? Arrays.stream(entry.longs()).asDoubleStream().toArray()
              : entry.doubles();
      return kind == Kind.PLAIN ? values : permute(values, entry.shape(), kind.order);
    }

    /** Returns a tensor on a device. */
    public Tensor tensor(String tensor, Kind kind, Device device) {
      return Tensor.of(device, values(tensor, kind), shape(tensor, kind));
    }

    private static double[] permute(double[] values, long[] shape, int[] order) {
      double[] result = new double[values.length];
      int[] index = new int[shape.length];
      for (double value : values) {
        int target = 0;
        for (int axis : order) {
          target = (int) (target * shape[axis] + index[axis]);
        }
        result[target] = value;
        for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
          index[axis] = 0;
        }
      }
      return result;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(name);
      parameters.forEach(
          (key, value) -> text.append(' ').append(key).append(Arrays.toString(value)));
      return text.toString();
    }
  }
}
