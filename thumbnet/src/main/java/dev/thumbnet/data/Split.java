package dev.thumbnet.data;

import dev.thumbnet.engine.Rng;
import java.util.stream.IntStream;

/**
 * A set of pictures cut in two, class by class, so that both parts have the classes in the same
 * proportions. The same set is always cut alike. Both parts are views, in the order of the set.
 *
 * @param rest most of the pictures
 * @param heldOut the others
 */
public record Split(DataSet rest, DataSet heldOut) {
  /** Any number would do, but it must stay the same. */
  private static final long DRAWS = 5;

  /**
   * Cuts a set. Of a class with m pictures, share · m are held out, rounded: one at least, but not
   * all of them.
   *
   * @param share in (0, 1)
   * @throws IllegalArgumentException if no class has two pictures
   */
  public static Split of(DataSet set, double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException("the share must be between 0 and 1, got " + share);
    }
    boolean[] held = new boolean[set.size()];
    for (int label = 0; label < set.classes().size(); label++) {
      int of = label;
      int[] members = IntStream.range(0, held.length).filter(i -> set.label(i) == of).toArray();
      int wanted = Math.max(1, (int) Math.rint(share * members.length));
      int[] order = new Rng(DRAWS).split(label).permutation(members.length);
      for (int i = 0; i < Math.min(wanted, members.length - 1); i++) {
        held[members[order[i]]] = true;
      }
    }
    int[] heldOut = IntStream.range(0, held.length).filter(i -> held[i]).toArray();
    if (heldOut.length == 0) {
      throw new IllegalArgumentException(
          "no class has two pictures, so none of these " + set.size() + " can be held out");
    }
    int[] rest = IntStream.range(0, held.length).filter(i -> !held[i]).toArray();
    return new Split(new Subset(set, rest), new Subset(set, heldOut));
  }
}
