package dev.thumbnet.bench.endure.picture;

import java.io.IOException;

/**
 * A small file that may cost much.
 *
 * @param name what it is
 * @param isModel whether it is to be loaded as a model, not as a picture
 * @param content makes it
 */
public record Bomb(String name, boolean isModel, Content content) {
  /** Makes a file. */
  @FunctionalInterface
  public interface Content {
    /** Returns its bytes. */
    byte[] make() throws IOException;
  }

  static Bomb picture(String name, Content content) {
    return new Bomb(name, false, content);
  }

  static Bomb model(String name, Content content) {
    return new Bomb(name, true, content);
  }
}
