package dev.thumbnet.method.pruning;

import dev.thumbnet.method.Method;
import dev.thumbnet.method.Setting;
import dev.thumbnet.method.Training;
import java.util.List;
import java.util.function.Function;

/**
 * Methods that make networks thinner on the inside, where no shape of anything else changes. At an
 * operating point, which says by how many times the network gets cheaper, all of them make networks
 * of the same shape, and all of them train by the same lesson.
 */
public final class PruningMethod implements Method {
  /** Luo et al., ICCV 2017 and, in the form that is here, TPAMI 2018. */
  public static final PruningMethod THINET =
      new PruningMethod(
          "thinet",
          "ThiNet",
          PrunedByStages::new,
          "The teacher loses channels inside: in each block those stay from which the outputs of"
              + " the next convolution can best be put together again, found one by one on some"
              + " training pictures. After each block what is left is trained for a while, and"
              + " longer at the end.");

  /**
   * Li et al., ICLR 2017, with the same share of channels everywhere, as for all methods here; its
   * authors spare layers that turn out to be sensitive.
   */
  public static final PruningMethod L1 =
      new PruningMethod(
          "l1-pruning",
          "L1 pruning",
          thin -> new PrunedAtOnce(thin, Criterion::largestNorms),
          "The teacher loses channels inside, all at once: those whose filters have the smallest"
              + " weights. What is left is trained.");

  /** The control of all criteria. */
  public static final PruningMethod RANDOM =
      new PruningMethod(
          "random-pruning",
          "Random pruning",
          thin -> new PrunedAtOnce(thin, Criterion::random),
          "As L1 pruning, but chance decides which channels go: what a criterion is worth is what"
              + " it has ahead of this.");

  /** The control of pruning itself. */
  public static final PruningMethod SCRATCH =
      new PruningMethod(
          "thin-scratch",
          "Thin from scratch",
          ThinFromScratch::new,
          "A network as thin as the pruned ones that starts from chance instead of the teacher's"
              + " weights: what pruning is worth is what it has ahead of this.");

  private final String key;
  private final String name;
  private final Function<ThinNetwork, Training> way;
  private final String explanation;

  private PruningMethod(
      String key, String name, Function<ThinNetwork, Training> way, String explanation) {
    this.key = key;
    this.name = name;
    this.way = way;
    this.explanation = explanation;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String explanation() {
    return explanation;
  }

  @Override
  public boolean trainsStudent() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Points that the setting's network cannot reach, because what is outside of its blocks is too
   * dear, are not offered.
   *
   * @throws IllegalArgumentException if the network has no convolutions that can lose channels
   */
  @Override
  public List<Training> trainings(Setting setting) {
    return PruningPoint.of(setting).stream()
        .map(at -> way.apply(new ThinNetwork(key, setting, at)))
        .toList();
  }
}
