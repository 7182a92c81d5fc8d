package dev.thumbnet.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation over the graph that {@link Op}s leave behind. Each result remembers
 * the op that made it; {@link Tensor#backward} walks from the loss to the leaves in reverse
 * topological order and adds up gradients. Recording is on by default and is switched off per
 * thread by {@link #noGrad}.
 */
public final class Autograd {
  private static final ThreadLocal<Integer> DISABLED = ThreadLocal.withInitial(() -> 0);

  private Autograd() {}

  /** A scope in which nothing is recorded; close it on the thread that opened it. */
  public static final class NoGrad implements AutoCloseable {
    private boolean open = true;

    private NoGrad() {}

    @Override
    public void close() {
      if (open) {
        open = false;
        DISABLED.set(DISABLED.get() - 1);
      }
    }
  }

  /** Switches recording off on this thread until the returned scope is closed. May be nested. */
  public static NoGrad noGrad() {
    DISABLED.set(DISABLED.get() + 1);
    return new NoGrad();
  }

  /** Tells whether ops on this thread are recorded. */
  public static boolean enabled() {
    return DISABLED.get() == 0;
  }

  /**
   * Returns the recorded ops that led to a tensor, each after those it depends on; none if the
   * tensor has no history. Running them in this order computes the tensor again.
   *
   * @throws IllegalStateException if a backward pass has freed the history
   */
  public static List<Op> history(Tensor result) {
    return topologicalOrder(result);
  }

  /** Walks the graph below {@code root}, whose gradient is {@code seed}. */
  static void backward(Tensor root, Tensor seed) {
    List<Op> order = topologicalOrder(root);
    try (NoGrad _ = noGrad()) {
      Gradients pending = new Gradients();
      pending.add(root, seed);
      for (int i = order.size() - 1; i >= 0; i--) {
        Op op = order.get(i);
        Tensor dy = pending.take(op.output());
        if (dy != null) {
          Tensor[] inputs = op.inputs();
          @Nullable Tensor[] grads = op.runBackward(dy);
          for (int j = 0; j < inputs.length; j++) {
            if (grads[j] != null) {
              pending.add(inputs[j], grads[j]);
            }
          }
          pending.done(dy);
        }
        op.free();
      }
    }
  }

  /** Ops below the root, each after those it depends on; iterative because nets are deep. */
  private static List<Op> topologicalOrder(Tensor root) {
    List<Op> order = new ArrayList<>();
    Map<Op, Boolean> finished = new IdentityHashMap<>();
    Deque<Op> stack = new ArrayDeque<>();
    if (root.creator() != null) {
      stack.push(root.creator());
    }
    while (!stack.isEmpty()) {
      Op op = stack.peek();
      if (finished.putIfAbsent(op, false) == null) {
        for (Tensor input : op.inputs()) {
          if (input.creator() != null && !finished.containsKey(input.creator())) {
            stack.push(input.creator());
          }
        }
      } else {
        stack.pop();
        if (!finished.put(op, true)) {
          order.add(op);
        }
      }
    }
    return order;
  }

  /**
   * Gradients on their way. Several tensors may await the very same gradient (an addition passes
   * its own on to both inputs), so storages are counted and go back to the pool with their last
   * use.
   */
  private static final class Gradients {
    private final Map<Tensor, Tensor> waiting = new IdentityHashMap<>();
    private final Map<Object, Integer> uses = new IdentityHashMap<>();

    void add(Tensor target, Tensor gradient) {
      if (!gradient.shape().equals(target.shape())) {
        throw new IllegalStateException(
            "gradient of shape " + gradient.shape() + " for a tensor of shape " + target.shape());
      }
      uses.merge(gradient.storage(), 1, Integer::sum);
      if (target.creator() == null) {
        addToLeaf(target, gradient);
        return;
      }
      Tensor earlier = waiting.get(target);
      if (earlier == null) {
        waiting.put(target, gradient);
      } else {
        Tensor sum = earlier.plus(gradient);
        uses.put(sum.storage(), 1);
        waiting.put(target, sum);
        done(earlier);
        done(gradient);
      }
    }

    private void addToLeaf(Tensor leaf, Tensor gradient) {
      if (leaf.requiresGrad()
          && leaf.grad() == null
          && uses.getOrDefault(gradient.storage(), 0) == 1) {
        leaf.adoptGrad(gradient);
        uses.remove(gradient.storage());
        return;
      }
      if (leaf.requiresGrad()) {
        leaf.accumulateGrad(gradient);
      }
      done(gradient);
    }

    @Nullable Tensor take(Tensor target) {
      return waiting.remove(target);
    }

    void done(Tensor gradient) {
      Integer left = uses.merge(gradient.storage(), -1, Integer::sum);
      if (left == 0) {
        uses.remove(gradient.storage());
        gradient.release();
      }
    }
  }
}
