package dev.thumbnet.pipeline;

import dev.thumbnet.data.ClassNames;
import dev.thumbnet.data.DataSet;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.io.SafeTensorsWriter;
import dev.thumbnet.engine.nn.Module;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a model comes from: everything that decides its weights, and where they were computed. Kept
 * in checkpoints and model files.
 *
 * @param settings what decides the result; a training is resumed only if all of it is the same
 * @param environment where it was computed, for information
 */
public record Provenance(Map<String, String> settings, Map<String, String> environment) {
  private static final String SETTING = "setting.";
  private static final String ENVIRONMENT = "environment.";
  private static final int SAMPLED_PICTURES = 16;

  /** Keeps unmodifiable copies of the maps, in their order. */
  public Provenance {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }

  /** Returns what {@link #writeTo} put into the metadata of a file. */
  public static Provenance of(Map<String, String> metadata) {
    return new Provenance(section(metadata, SETTING), section(metadata, ENVIRONMENT));
  }

  /** Puts everything into the metadata of a file. */
  public void writeTo(SafeTensorsWriter writer) {
    settings.forEach((name, value) -> writer.metadata(SETTING + name, value));
    environment.forEach((name, value) -> writer.metadata(ENVIRONMENT + name, value));
  }

  /** Returns the entries whose key starts with a prefix, without it. */
  public static Map<String, String> section(Map<String, String> metadata, String prefix) {
    Map<String, String> section = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            section.put(key.substring(prefix.length()), value);
          }
        });
    return section;
  }

  /** Returns a provenance without settings, computed on a device by this program. */
  public static Provenance on(Device device) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put(
        "engine",
        Optional.ofNullable(Device.class.getModule().getDescriptor())
            .flatMap(java.lang.module.ModuleDescriptor::rawVersion)
            .orElse("development"));
    environment.put("device", device.describe());
    environment.put("java", Runtime.version().toString());
    return new Provenance(Map.of(), environment);
  }

  /** Returns the same with one more setting. */
  public Provenance with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(name, String.valueOf(value));
    return new Provenance(more, environment);
  }

  /** Returns the same with more settings, each called {@code name.key}. */
  public Provenance withAll(String name, Map<String, ?> values) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    values.forEach((key, value) -> more.put(name + "." + key, String.valueOf(value)));
    return new Provenance(more, environment);
  }

  /**
   * Returns what identifies a data set: a digest of classes, labels and some of the pictures, but
   * not of where they are stored.
   */
  public static String fingerprint(DataSet set) {
    MessageDigest digest = sha256();
    ClassNames.canonical(set.classes())
        .forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
    ByteBuffer labels = ByteBuffer.allocate(Math.multiplyExact(4, set.size()));
    for (int i = 0; i < set.size(); i++) {
      labels.putInt(set.label(i));
    }
    digest.update(labels.array());
    int samples = Math.min(SAMPLED_PICTURES, set.size());
    for (int i = 0; i < samples; i++) {
      digest.update(set.get((int) ((long) i * set.size() / samples)).data());
    }
    return set.size() + " pictures, sha256 " + hex(digest);
  }

  /** Returns what identifies the weights and statistics of a network: a digest of all of them. */
  public static String fingerprint(Module network) {
    MessageDigest digest = sha256();
    for (Map.Entry<String, Tensor> entry : network.state().tensors().entrySet()) {
      digest.update(entry.getKey().getBytes(StandardCharsets.UTF_8));
      float[] values = entry.getValue().toArray();
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
      bytes.asFloatBuffer().put(values);
      digest.update(bytes.array());
    }
    return "sha256 " + hex(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }
}
