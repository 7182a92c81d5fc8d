package dev.thumbnet.method.pruning;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which channels of a convolution stay.
 *
 * @param channels their indices, rising
 * @param scales for each of them, by what the next convolution's weights for it are multiplied
 */
record Choice(List<Integer> channels, List<Double> scales) {
  /** Copies the lists. */
  Choice {
    channels = List.copyOf(channels);
    scales = List.copyOf(scales);
  }

  /** Keeps channels, in any order, as they are. */
  static Choice of(List<Integer> channels) {
    return new Choice(
        channels.stream().sorted().toList(), Collections.nCopies(channels.size(), 1.0));
  }

  /** Keeps all of so many channels. */
  static Choice all(int channels) {
    return of(IntStream.range(0, channels).boxed().toList());
  }
}
