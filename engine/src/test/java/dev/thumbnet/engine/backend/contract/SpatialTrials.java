package dev.thumbnet.engine.backend.contract;

import static dev.thumbnet.engine.backend.contract.Tolerances.each;
import static dev.thumbnet.engine.backend.contract.Tolerances.scaled;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumFactor;
import static dev.thumbnet.engine.backend.contract.Tolerances.sumOfTerms;
import static dev.thumbnet.engine.testing.Numbers.abs;
import static dev.thumbnet.engine.testing.Numbers.normal;
import static dev.thumbnet.engine.testing.Numbers.uniform;

import dev.thumbnet.engine.backend.contract.Trial.Call;
import dev.thumbnet.engine.backend.problem.GatherProblem;
import dev.thumbnet.engine.backend.problem.PoolProblem;
import dev.thumbnet.engine.backend.problem.ResampleTaps;
import dev.thumbnet.engine.backend.problem.ResizeProblem;
import dev.thumbnet.engine.backend.problem.TransposeProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pooling and resizing. */
final class SpatialTrials {
  private SpatialTrials() {}

  static List<Trial> pool(PoolProblem p, long seed) {
    // Few different values, so that windows have ties.
    double[] x = uniform(seed, p.inputSize(), -4, 4);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.rint(x[i]);
    }
    double[] dy = normal(seed + 1, p.outputSize());
    List<Trial> trials = new ArrayList<>(maxPool(p, x, dy));
    if (p.dilationH() == 1 && p.dilationW() == 1) {
      trials.addAll(averagePool(p, normal(seed + 2, p.inputSize()), dy));
    }
    return trials;
  }

  static List<Trial> maxPool(PoolProblem p, double[] x, double[] dy) {
    int[] in = {p.inputSize()};
    int[] out = {p.outputSize()};
    Trial max =
        new Trial(
            "maxPool " + p,
            new double[][] {x},
            out,
            (k, i, o) -> k.maxPool(p, i[0], o[0]),
            each((a, y, i) -> 0));
    double[] y = Trial.reference(max, a -> a)[0];
    int windows = p.kh() * p.kw();
    Call maxBackward = (k, i, o) -> k.maxPoolBackward(p, i[0], i[1], i[2], o[0]);
    Trial sizes =
        new Trial("maxPoolBackward " + p, new double[][] {x, y, abs(dy)}, in, maxBackward, null);
    return List.of(
        max,
        new Trial(
            "maxPoolBackward " + p,
            new double[][] {x, y, dy},
            in,
            maxBackward,
            (a, e) -> scaled(sumFactor(windows), Trial.reference(sizes, b -> b))));
  }

  private static List<Trial> averagePool(PoolProblem p, double[] x, double[] dy) {
    int[] in = {p.inputSize()};
    int[] out = {p.outputSize()};
    int windows = p.kh() * p.kw();
    List<Trial> trials = new ArrayList<>();
    for (boolean countPad : new boolean[] {true, false}) {
      String text = p + (countPad ? " counting padding" : "");
      trials.add(
          sumOfTerms(
              "averagePool " + text,
              new double[][] {x},
              out,
              (k, i, o) -> k.averagePool(p, countPad, i[0], o[0]),
              windows));
      trials.add(
          sumOfTerms(
              "averagePoolBackward " + text,
              new double[][] {dy},
              in,
              (k, i, o) -> k.averagePoolBackward(p, countPad, i[0], o[0]),
              windows));
    }
    return trials;
  }

  static List<Trial> resize(ResizeProblem p, long seed) {
    double[] x = normal(seed, p.inputSize());
    double[] dy = normal(seed + 1, p.outputSize());
    Taps taps = new Taps(p);
    double forY = 2 * sumFactor(taps.longest) * taps.largestRow * largest(x);
    double forDx = 2 * sumFactor(taps.widest) * taps.largestColumn * largest(dy);
    return List.of(
        new Trial(
            "resize " + p,
            new double[][] {x},
            new int[] {p.outputSize()},
            (k, i, o) -> k.resize(p, i[0], o[0]),
            each((in, y, i) -> forY)),
        new Trial(
            "resizeBackward " + p,
            new double[][] {dy},
            new int[] {p.inputSize()},
            (k, i, o) -> k.resizeBackward(p, i[0], o[0]),
            each((in, y, i) -> forDx)));
  }

  static Trial transpose(TransposeProblem p, long seed) {
    return new Trial(
        "transpose " + p,
        new double[][] {normal(seed, p.size())},
        new int[] {p.size()},
        (k, i, o) -> k.transpose(p, i[0], o[0]),
        each((in, y, i) -> 0));
  }

  static List<Trial> gather(GatherProblem p, long seed) {
    double[] x = normal(seed, p.inputSize());
    double[] dy = normal(seed + 1, p.outputSize());
    return List.of(
        new Trial(
            "gather " + p,
            new double[][] {x},
            new int[] {p.outputSize()},
            (k, i, o) -> k.gather(p, 0.5, i[0], o[0]),
            each((in, y, i) -> 0)),
        sumOfTerms(
            "gatherBackward " + p,
            new double[][] {dy},
            new int[] {p.inputSize()},
            (k, i, o) -> k.gatherBackward(p, i[0], o[0]),
            p.ofRows().size() * p.ofColumns().size()));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }

  /** Sizes of the linear map of a resize: how many terms its sums have and how large they are. */
  private static final class Taps {
    int longest = 1;
    int widest = 1;
    double largestRow = 1;
    double largestColumn = 1;

    Taps(ResizeProblem p) {
      add(p.rows(), p.h());
      add(p.columns(), p.w());
    }

    private void add(ResampleTaps taps, int in) {
      double[] column = new double[in];
      int[] touched = new int[in];
      double row = 0;
      int length = 0;
      for (int i = 0; i < taps.first().length; i++) {
        double sum = 0;
        for (int j = 0; j < taps.weight()[i].length; j++) {
          double w = Math.abs(taps.weight()[i][j]);
          sum += w;
          column[taps.first()[i] + j] += w;
          touched[taps.first()[i] + j]++;
        }
        row = Math.max(row, sum);
        length = Math.max(length, taps.weight()[i].length);
      }
      longest *= length;
      widest *= Math.max(1, Arrays.stream(touched).max().orElseThrow());
      largestRow *= row;
      largestColumn *= largest(column);
    }
  }
}
