package dev.thumbnet.bench.harness;

/** A contender that gives the same result in each run and counts them. */
public final class Fake implements Contender {
  private final String name;
  private final float[] result;
  private int runs;
  private boolean closed;

  public Fake(String name, float... result) {
    this.name = name;
    this.result = result;
  }

  public int runs() {
    return runs;
  }

  public boolean isClosed() {
    return closed;
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

  @Override
  public void close() {
    closed = true;
  }
}
