package dev.thumbnet.bench.endure.service;

import java.io.IOException;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What some clients do to the service.
 *
 * @param name in tables
 * @param connections how many there are at once
 * @param promised the statuses of which one has to come; none if the clients do not keep to the
 *     protocol, so that the service may hang up
 * @param client what one does
 */
record Attack(String name, int connections, Set<Integer> promised, Client client) {
  /**
   * What a client knows.
   *
   * @param end when it has to give up, in nanoseconds
   */
  record Situation(RandomGenerator random, long end) {}

  /** What a client does on a new connection. */
  @FunctionalInterface
  interface Client {
    /** Returns the status of the answer, or that there is none. */
    int use(Connection connection, Situation situation) throws IOException, InterruptedException;
  }
}
