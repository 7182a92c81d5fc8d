package dev.thumbnet.bench.harness;

/** A contender that gives the same result in each run, and counts them. */
final class Fake implements Contender {
  private final String name;
  private final float[] result;
  private int runs;

  Fake(String name, float... result) {
    this.name = name;
    this.result = result;
  }

  int runs() {
    return runs;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public float[] run() {
    runs++;
    return result;
  }
}
