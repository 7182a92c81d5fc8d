/**
 * The engine side by side with native frameworks: the same networks with the same weights, checked
 * for the same results, timed in turns within one start: in one JVM, but for those that do not bear
 * each other. Started by {@code bench/bin/compare}. What needs a native framework is in {@code
 * src/peers} and built in the profile {@code peers} only.
 */
package dev.thumbnet.bench.peers;
