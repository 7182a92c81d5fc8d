package dev.thumbnet.engine.backend.contract;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.Storage;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.testing.Close;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * One call of one primitive with its inputs, to be run on any backend and compared with the
 * reference. Every storage is longer than the call needs: behind an input stand NaNs, which spoil
 * the result of who reads them, and behind an output marks that must stay. Outputs start as NaN.
 *
 * @param what name of the method, then the problem in one line
 * @param inputs numbers that are floats
 * @param outputs lengths of the outputs
 * @param call the call
 * @param tolerance how far a backend in single precision may be off
 * @param inPlace which inputs may be the storage of the first output
 * @param updated which inputs are changed in place; they count as further outputs
 */
public record Trial(
    String what,
    double[][] inputs,
    int[] outputs,
    Call call,
    Tolerance tolerance,
    int[] inPlace,
    int[] updated) {

  private static final double MARK = -7.25;
  private static final int SPARE = 19;

  /** Runs a primitive on storages of one backend. */
  public interface Call {
    void run(Backend backend, Storage[] in, Storage[] out);
  }

  /** Says for each output how large the error of each element may be. */
  public interface Tolerance {
    double[][] allowed(double[][] inputs, double[][] expected);
  }

  public Trial(String what, double[][] inputs, int[] outputs, Call call, Tolerance tolerance) {
    this(what, inputs, outputs, call, tolerance, new int[0], new int[0]);
  }

  public Trial mayBeInPlaceOf(int... input) {
    return new Trial(what, inputs, outputs, call, tolerance, input, updated);
  }

  public Trial updates(int... input) {
    return new Trial(what, inputs, outputs, call, tolerance, inPlace, input);
  }

  public Trial withInputs(double[][] others) {
    return new Trial(what, others, outputs, call, tolerance, inPlace, updated);
  }

  /** Returns the same trial with other bounds. */
  Trial within(Tolerance other) {
    return new Trial(what, inputs, outputs, call, other, inPlace, updated);
  }

  public String method() {
    return what.substring(0, what.indexOf(' '));
  }

  /** Returns what the reference makes of other inputs: for tolerances. */
  static double[][] reference(Trial trial, UnaryOperator<double[][]> change) {
    try (Backend reference = new ReferenceBackend()) {
      return trial.withInputs(change.apply(trial.inputs)).run(reference);
    }
  }

  /** Runs the call and returns the outputs, then the updated inputs. */
  public double[][] run(Backend backend) {
    Storage[] in = new Storage[inputs.length];
    Storage[] out = new Storage[outputs.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = storage(backend, inputs[i], Double.NaN);
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = storage(backend, nans(outputs[i]), MARK);
    }
    call.run(backend, in, out);
    double[][] results = new double[outputs.length + updated.length][];
    for (int i = 0; i < out.length; i++) {
      results[i] = take(backend, out[i], outputs[i], MARK);
    }
    for (int i = 0; i < in.length; i++) {
      int length = inputs[i].length;
      double[] after = take(backend, in[i], length, Double.NaN);
      int at = indexOf(updated, i);
      if (at >= 0) {
        results[outputs.length + at] = after;
      } else {
        Close.assertSameBits(what + ", input " + i + " must stay", inputs[i], after);
      }
    }
    return results;
  }

  /** Runs the call with the first output in the storage of an input; returns that output. */
  double[] runInPlace(Backend backend, int input) {
    Storage[] in = new Storage[inputs.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = storage(backend, inputs[i], MARK);
    }
    call.run(backend, in, new Storage[] {in[input]});
    return take(backend, in[input], outputs[0], MARK);
  }

  /** Compares with the reference, also in place where that is allowed. */
  public void check(Backend backend) {
    double[][] expected = reference(this, UnaryOperator.identity());
    double[][] allowed = tolerance.allowed(inputs, expected);
    double[][] actual = run(backend);
    for (int i = 0; i < expected.length; i++) {
      Close.assertWithin(
          what + ", output " + i, inFloatRange(expected[i]), inFloatRange(actual[i]), allowed[i]);
    }
    for (int input : inPlace) {
      Close.assertSameBits(
          what + ", in place of input " + input, actual[0], runInPlace(backend, input));
    }
  }

  /** What does not fit a float is infinite on a backend in single precision. */
  private static double[] inFloatRange(double[] values) {
    return Arrays.stream(values)
        .map(v -> Math.abs(v) > Float.MAX_VALUE ? Math.copySign(Double.POSITIVE_INFINITY, v) : v)
        .toArray();
  }

  private static Storage storage(Backend backend, double[] values, double behind) {
    double[] all = Arrays.copyOf(values, values.length + SPARE);
    Arrays.fill(all, values.length, all.length, behind);
    Storage storage = backend.allocate(all.length);
    backend.upload(all, 0, storage, 0, all.length);
    return storage;
  }

  private double[] take(Backend backend, Storage storage, int length, double behind) {
    double[] all = new double[length + SPARE];
    backend.download(storage, 0, all, 0, all.length);
    backend.release(storage);
    for (int i = length; i < all.length; i++) {
      if (Double.compare(all[i], behind) != 0) {
        throw new AssertionError(what + ": wrote " + all[i] + " behind the end " + length);
      }
    }
    return Arrays.copyOf(all, length);
  }

  private static double[] nans(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private static int indexOf(int[] values, int value) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return what;
  }
}
