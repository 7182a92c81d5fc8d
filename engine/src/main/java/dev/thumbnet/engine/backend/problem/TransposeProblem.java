package dev.thumbnet.engine.backend.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A permutation of axes: axis i of y is axis {@code axes[i]} of x.
 *
 * @param extents the shape of x
 * @param axes each axis of x once
 */
public record TransposeProblem(List<Integer> extents, List<Integer> axes) {
  /** Axes that are left at most when those that stay neighbours are one. */
  public static final int MOST_AXES = 8;

  /** Checks the numbers. */
  public TransposeProblem {
    extents = List.copyOf(extents);
    axes = List.copyOf(axes);
    int[] all = extents.stream().mapToInt(e -> e).toArray();
    String text = extents + " by " + axes;
    for (int extent : all) {
      Checks.atLeast(1, "an extent", extent, text);
    }
    Checks.size("array", all);
    if (!axes.stream().sorted().toList().equals(IntStream.range(0, all.length).boxed().toList())) {
      throw new IllegalArgumentException("each axis must be named once in " + text);
    }
  }

  /** Returns the problem of arrays. */
  public static TransposeProblem of(int[] extents, int[] axes) {
    return new TransposeProblem(
        IntStream.of(extents).boxed().toList(), IntStream.of(axes).boxed().toList());
  }

  /** Returns the number of elements. */
  public int size() {
    return extents.stream().mapToInt(e -> e).reduce(1, (a, b) -> a * b);
  }

  /** Returns what undoes this. */
  public TransposeProblem inverse() {
    Integer[] back = new Integer[axes.size()];
    List<Integer> permuted = new ArrayList<>();
    for (int i = 0; i < back.length; i++) {
      back[axes.get(i)] = i;
      permuted.add(extents.get(axes.get(i)));
    }
    return new TransposeProblem(permuted, List.of(back));
  }

  /** Returns the same problem for another extent of the first axis, which counts pictures. */
  public TransposeProblem withBatch(int batch) {
    List<Integer> others = new ArrayList<>(extents);
    others.set(0, batch);
    return new TransposeProblem(others, axes);
  }

  /**
   * Returns the same moves with as few axes as possible: without those of extent 1, and with axes
   * that follow each other on both sides as one. At least one is left.
   *
   * @throws IllegalArgumentException if more than {@link #MOST_AXES} are left
   */
  public TransposeProblem simplest() {
    List<List<Integer>> groups = new ArrayList<>(); // in the order of y
    int last = -2;
    for (int axis : axes) {
      if (extents.get(axis) == 1) {
        continue;
      }
      if (follows(last, axis)) {
        groups.getLast().add(axis);
      } else {
        groups.add(new ArrayList<>(List.of(axis)));
      }
      last = axis;
    }
    if (groups.isEmpty()) {
      return new TransposeProblem(List.of(1), List.of(0));
    }
    if (groups.size() > MOST_AXES) {
      throw new IllegalArgumentException(
          "a transposition of "
              + extents
              + " by "
              + axes
              + " moves more than "
              + MOST_AXES
              + " groups of axes");
    }
    List<List<Integer>> sorted = new ArrayList<>(groups);
    sorted.sort((a, b) -> a.getFirst() - b.getFirst());
    return new TransposeProblem(
        sorted.stream()
            .map(g -> g.stream().mapToInt(extents::get).reduce(1, (a, b) -> a * b))
            .toList(),
        groups.stream().map(sorted::indexOf).toList());
  }

  /** Tells whether there are only axes of extent 1 between two. */
  private boolean follows(int last, int axis) {
    if (last < 0 || axis < last) {
      return false;
    }
    return extents.subList(last + 1, axis).stream().allMatch(e -> e == 1);
  }

  /** Returns how far apart neighbours along each axis of x are. */
  public int[] strides() {
    int[] strides = new int[extents.size()];
    int stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= extents.get(i);
    }
    return strides;
  }
}
