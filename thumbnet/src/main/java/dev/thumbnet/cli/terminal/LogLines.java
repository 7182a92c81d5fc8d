package dev.thumbnet.cli.terminal;

import dev.thumbnet.engine.io.Printable;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** How what is logged is printed: a line that says who speaks, and how serious it is. */
public final class LogLines extends Formatter {
  /** Makes the process's log print in this way. */
  public static void use() {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setFormatter(new LogLines());
    }
  }

  @Override
  public String format(LogRecord logged) {
    return "thumbnet: "
        + logged.getLevel().getName()
        + ": "
        + Printable.line(formatMessage(logged))
        + System.lineSeparator();
  }
}
