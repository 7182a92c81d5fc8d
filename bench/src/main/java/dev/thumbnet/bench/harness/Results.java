package dev.thumbnet.bench.harness;

import java.util.List;

/**
 * All that a run has measured so far, and where: a record that is written as JSON.
 *
 * @param <S> what one start measures
 */
public interface Results<S> {
  /** Returns when the run began. */
  String date();

  /** Returns what repeats it. */
  String command();

  /** Returns processor, cores and system. */
  String machine();

  /** Returns what must be the same for starts to be of one run. */
  List<String> conditions();

  /** Returns how many starts of a kind there are. */
  int starts(String kind);

  /** Adds a start of a kind. */
  void add(String kind, S start);

  /** Returns tables of it as Markdown. */
  String tables();
}
