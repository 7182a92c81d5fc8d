package dev.thumbnet.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Writes TIFF files of any kind, sound or not: tags with whole numbers, and strips or tiles. */
public final class TestTiff {
  private static final int HEADER = 8;

  private final ByteOrder order;
  private final Map<Integer, int[]> tags = new TreeMap<>();
  private byte[][] parts = {};

  public TestTiff(ByteOrder order) {
    this.order = order;
  }

  /** A picture of whole bytes in one strip, without compression. */
  public static TestTiff of(ByteOrder order, int w, int h, int photometric, int samples, int bits) {
    int row = (w * samples * bits + 7) / 8;
    return new TestTiff(order)
        .tag(256, w)
        .tag(257, h)
        .tag(258, IntStream.generate(() -> bits).limit(samples).toArray())
        .tag(259, 1)
        .tag(262, photometric)
        .tag(277, samples)
        .tag(278, h)
        .strips(new byte[row * h]);
  }

  public TestTiff tag(int tag, int... values) {
    tags.put(tag, values);
    return this;
  }

  public TestTiff strips(byte[]... strips) {
    return parts(273, 279, strips);
  }

  public TestTiff tiles(byte[]... tiles) {
    tags.remove(273);
    tags.remove(278);
    tags.remove(279);
    return parts(324, 325, tiles);
  }

  private TestTiff parts(int offsets, int lengths, byte[][] content) {
    parts = content;
    tags.put(offsets, new int[content.length]);
    tags.put(lengths, Arrays.stream(content).mapToInt(part -> part.length).toArray());
    int at = HEADER;
    for (int i = 0; i < content.length; i++) {
      tags.get(offsets)[i] = at;
      at += content[i].length;
    }
    return this;
  }

  public byte[] bytes() {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    content.writeBytes(new byte[content.size() & 1]);
    ByteBuffer directory = ByteBuffer.allocate(2 + 12 * tags.size() + 4).order(order);
    directory.putShort((short) tags.size());
    for (Map.Entry<Integer, int[]> tag : tags.entrySet()) {
      int[] values = tag.getValue();
      // Long numbers everywhere, which is legal for sizes and unusual for all else.
      directory.putShort(tag.getKey().shortValue()).putShort((short) 4).putInt(values.length);
      directory.putInt(values.length == 1 ? values[0] : HEADER + content.size());
      if (values.length != 1) {
        ByteBuffer list = ByteBuffer.allocate(4 * values.length).order(order);
        list.asIntBuffer().put(values);
        content.writeBytes(list.array());
      }
    }
    ByteBuffer file = ByteBuffer.allocate(HEADER + content.size() + directory.capacity());
    file.order(order)
        .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
    return file.putShort((short) 42)
        .putInt(HEADER + content.size())
        .put(content.toByteArray())
        .put(directory.array())
        .array();
  }
}
