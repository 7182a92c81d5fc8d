package dev.thumbnet.cli.terminal;

import dev.thumbnet.engine.io.Printable;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A writer through which nothing gets that a terminal would obey: see {@link Printable}. What is
 * given to {@code println} is one line, and so is each value of {@code printf}: line breaks in them
 * are spelled out. What is given to {@code print} may have lines of its own, and go back to the
 * beginning of one.
 */
public final class PrintableWriter extends PrintWriter {
  private final PrintWriter unfiltered;

  /** Writes to another writer, which is flushed after each line. */
  public PrintableWriter(PrintWriter unfiltered) {
    super(new Filter(unfiltered), true);
    this.unfiltered = unfiltered;
  }

  /** Returns the writer behind this one, for text that is the program's own. */
  public PrintWriter unfiltered() {
    return unfiltered;
  }

  @Override
  public void println(@Nullable String line) {
    super.println(Printable.line(String.valueOf(line)));
  }

  @Override
  public void println(@Nullable Object line) {
    println(String.valueOf(line));
  }

  @Override
  public void println(char[] line) {
    println(new String(line));
  }

  @Override
  public PrintWriter format(String pattern, @Nullable Object... values) {
    return super.format(pattern, lines(values));
  }

  @Override
  public PrintWriter format(@Nullable Locale locale, String pattern, @Nullable Object... values) {
    return super.format(locale, pattern, lines(values));
  }

  private static @Nullable Object[] lines(@Nullable Object... values) {
    return Stream.of(values)
        .map(v -> v instanceof Number || v == null ? v : Printable.line(v.toString()))
        .toArray();
  }

  private static final class Filter extends Writer {
    private final PrintWriter next;

    Filter(PrintWriter next) {
      this.next = next;
    }

    @Override
    public void write(char[] text, int from, int count) {
      next.write(Printable.lines(new String(text, from, count)));
    }

    @Override
    public void flush() {
      next.flush();
    }

    @Override
    public void close() {
      next.close();
    }
  }
}
