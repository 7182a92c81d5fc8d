package dev.thumbnet.bench.gpu;

/** What is done again and again and measured. */
interface Work {
  /** Queues a step; on a GPU it returns before the step is done. */
  void queue();

  /** Waits for all steps by reading the last one's result, which is small. */
  void await();

  /** Returns the number of parameters of the network, to see that both sides run the same one. */
  long parameters();
}
