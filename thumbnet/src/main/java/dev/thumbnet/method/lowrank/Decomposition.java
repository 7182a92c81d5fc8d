package dev.thumbnet.method.lowrank;

import dev.thumbnet.model.Factors;
import java.util.List;

/**
 * The weight W of a convolution, (kh, kw, in, out), taken apart so that products of any rank that
 * come close to it can be read off. The energy of W is Σ W².
 */
interface Decomposition {
  /**
   * Returns the factors of the lowest rank that keeps a share of the energy.
   *
   * @param share from 0, for a rank of 1, to 1, for the full rank
   */
  Factors keeping(double share);

  /**
   * Returns the weights of the convolutions that {@link Factors#layers} makes, in their order and
   * layout.
   *
   * @param factors of the kind that {@link #keeping} returns
   */
  List<double[]> weights(Factors factors);

  /**
   * Returns how many numbers are needed for a share of their sum.
   *
   * @param energies not negative, the largest first
   * @return at least 1
   */
  static int rank(double[] energies, double share) {
    double sum = 0;
    for (double energy : energies) {
      sum += energy;
    }
    int rank = 1;
    double kept = energies[0];
    while (rank < energies.length && kept < share * sum) {
      kept += energies[rank];
      rank++;
    }
    return rank;
  }
}
