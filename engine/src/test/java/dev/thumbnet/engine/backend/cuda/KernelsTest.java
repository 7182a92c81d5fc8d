package dev.thumbnet.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The translated kernels belong to their source and to the Java code that launches them. */
class KernelsTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/thumbnet/engine/backend/cuda");

  private static String ptx() throws IOException {
    try (InputStream stream = CudaBackend.class.getResourceAsStream("kernels.ptx")) {
      return new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void isMadeOfTheSource() throws Exception {
    byte[] source = Files.readAllBytes(Path.of("src/main/cuda/kernels.cu"));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(source);
    assertThat(ptx().lines().findFirst().orElseThrow())
        .as("run engine/src/main/cuda/compile after each change of kernels.cu")
        .isEqualTo("// sha256 of kernels.cu: " + HexFormat.of().formatHex(hash));
  }

  @Test
  void runsOnDevicesFromAmpereOn() throws IOException {
    assertThat(ptx()).contains(".target sm_80");
  }

  @Test
  void usesNoAtomics() throws IOException {
    assertThat(ptx()).doesNotContain("atom.").doesNotContain("red.global");
  }

  /** Names of kernels are put together from a literal and the suffix of a type. */
  @Test
  void everyKernelIsLaunchedBySomebody() throws IOException {
    Set<String> literals = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        literals.addAll(matches("\"([a-z0-9_]+)\"", Files.readString(file)));
      }
    }
    Set<String> entries = matches("\\.entry\\s+(\\w+)", ptx());
    assertThat(entries).isNotEmpty();
    assertThat(entries)
        .allSatisfy(
            entry ->
                assertThat(literals)
                    .containsAnyOf(
                        entry,
                        entry.replaceFirst("_(f32|bf16)$", ""),
                        entry.replaceFirst("_(f32|bf16)_(f32|bf16)$", ""),
                        entry.replaceFirst("_few_rows_(f32|bf16)$", "")));
  }

  private static Set<String> matches(String regex, String text) {
    return Pattern.compile(regex)
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
