package dev.thumbnet.method.lowrank;

import dev.thumbnet.engine.Rng;

/** Matrices for tests, as rows. */
final class Matrices {
  private Matrices() {}

  static double[][] random(int rows, int columns, long seed) {
    Rng rng = new Rng(seed);
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = rng.nextGaussian();
      }
    }
    return matrix;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < b[k].length; j++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  /** The largest difference of x_i · x_j from 1 or 0 among the first vectors. */
  static double obliqueness(double[][] vectors, int count) {
    double largest = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        double expected = i == j ? 1 : 0;
        largest = Math.max(largest, Math.abs(dot(vectors[i], vectors[j]) - expected));
      }
    }
    return largest;
  }

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  /** Σ a². */
  static double energy(double[][] a) {
    double energy = 0;
    for (double[] row : a) {
      energy += dot(row, row);
    }
    return energy;
  }

  static double largestDifference(double[][] a, double[][] b) {
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        largest = Math.max(largest, Math.abs(a[i][j] - b[i][j]));
      }
    }
    return largest;
  }
}
