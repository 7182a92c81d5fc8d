import java.time.Duration;

/**
 * What the service takes upon itself. Each limit is a system property, {@code -Dservice.NAME=VALUE}
 * with times in seconds.
 *
 * @param bodyBytes how long a picture's file may be
 * @param memoryBytes how many bytes of bodies are in memory at once, arriving and waiting ones
 * @param waiting how many pictures may wait for a processor
 * @param silence how long a client may send nothing in the middle of a body
 * @param upload how long a body may take in all
 * @param work how long a picture may wait and be computed in all
 * @param shutdown how long requests have that are not answered when the service is told to end
 */
record Limits(
    int bodyBytes,
    int memoryBytes,
    int waiting,
    Duration silence,
    Duration upload,
    Duration work,
    Duration shutdown) {

  /** A quarter of the heap for bodies, as far as an {@code int} counts. */
  private static final int QUARTER =
      (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4);

  Limits {
    if (bodyBytes < 1 || memoryBytes < bodyBytes || waiting < 1) {
      throw new IllegalArgumentException(
          "service.memoryBytes must hold one body at least, and one picture be able to wait: "
              + "bodyBytes %d, memoryBytes %d, waiting %d"
                  .formatted(bodyBytes, memoryBytes, waiting));
    }
  }

  static Limits ofProperties() {
    int body = number("bodyBytes", 10_000_000);
    return new Limits(
        body,
        number("memoryBytes", Math.max(QUARTER, body)),
        number("waiting", 64),
        seconds("silence", 5),
        seconds("upload", 60),
        seconds("work", 30),
        seconds("shutdown", 5));
  }

  private static Duration seconds(String name, int usual) {
    return Duration.ofSeconds(number(name, usual));
  }

  private static int number(String name, int usual) {
    String given = System.getProperty("service." + name);
    if (given == null) {
      return usual;
    }
    try {
      int number = Integer.parseInt(given);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "service.%s must be a whole number from 1 to %d, not '%s'"
            .formatted(name, Integer.MAX_VALUE, given));
  }
}
