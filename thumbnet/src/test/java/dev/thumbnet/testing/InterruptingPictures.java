package dev.thumbnet.testing;

import dev.thumbnet.data.DataSet;
import dev.thumbnet.data.image.RgbImage;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Pictures that interrupt a thread when it asks for a label, which trainings do amid a step. In all
 * else they are others.
 */
public final class InterruptingPictures implements DataSet {
  private final DataSet others;
  private final AtomicReference<Thread> armed = new AtomicReference<>();

  public InterruptingPictures(DataSet others) {
    this.others = others;
  }

  /** Interrupts a thread the next time that it asks. */
  public void interruptAtNextLabel(Thread thread) {
    armed.set(thread);
  }

  @Override
  public int size() {
    return others.size();
  }

  @Override
  public List<String> classes() {
    return others.classes();
  }

  @Override
  public int label(int index) {
    Thread current = Thread.currentThread();
    if (armed.compareAndSet(current, null)) {
      current.interrupt();
    }
    return others.label(index);
  }

  @Override
  public String name(int index) {
    return others.name(index);
  }

  @Override
  public RgbImage get(int index) {
    return others.get(index);
  }
}
