import java.util.List;

/**
 * A 1-D map of vectors: one direction of a transform of Winograd's.
 *
 * @param factors what is multiplied by, as "name = number"
 * @param reads names of what is read, a letter and the number of the place
 * @param parts what several results are made of, as "name = expression"
 * @param writes results, as "number of the place = expression"; {@code b} is a bias
 */
record LinearMap(
    List<String> factors, List<String> reads, List<String> parts, List<String> writes) {

  /** A map that reads these vectors. */
  static LinearMap of(String... reads) {
    return new LinearMap(List.of(), List.of(reads), List.of(), List.of());
  }

  LinearMap factors(String... definitions) {
    return new LinearMap(List.of(definitions), reads, parts, writes);
  }

  LinearMap parts(String... definitions) {
    return new LinearMap(factors, reads, List.of(definitions), writes);
  }

  LinearMap writes(String... definitions) {
    return new LinearMap(factors, reads, parts, List.of(definitions));
  }

  boolean hasBias() {
    return writes.stream().anyMatch(write -> write.matches(".*\\bb\\b.*"));
  }

  /** Whether a factor is made of √½ or √2. */
  boolean hasRoots() {
    return factors.stream().anyMatch(factor -> value(factor).matches(".*[PQ].*"));
  }

  /** The same without the bias. */
  LinearMap withoutBias() {
    List<String> rest =
        writes.stream()
            .map(
                write ->
                    write.replace(".add(b)", "").replaceAll("\\.fma\\((\\w+), b\\)", ".mul($1)"))
            .toList();
    return new LinearMap(factors, reads, parts, rest);
  }

  /** What stands before the equals sign of a definition. */
  static String name(String definition) {
    return definition.split(" = ")[0];
  }

  /** What stands behind it. */
  static String value(String definition) {
    return definition.split(" = ")[1];
  }

  /** The number of the place that a vector is read from. */
  static int place(String read) {
    return Integer.parseInt(read.substring(1));
  }
}
