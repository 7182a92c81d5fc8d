package dev.thumbnet.bench.endure.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells of a process; elsewhere nothing. */
public final class ProcessStatus {
  private ProcessStatus() {}

  /** Returns the most megabytes that a process had resident, or 0 if that is not known. */
  public static double largestMegabytes(long process) {
    return number(process, "VmHWM") * 1024 / 1e6;
  }

  /** Returns the megabytes that a process has resident, or 0 if that is not known. */
  public static double megabytes(long process) {
    return number(process, "VmRSS") * 1024 / 1e6;
  }

  /** Returns the number of a process's threads, or 0 if that is not known. */
  public static int threads(long process) {
    return (int) number(process, "Threads");
  }

  private static long number(long process, String what) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + process + "/status"))) {
        if (line.startsWith(what + ":")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      // Another system, or the process has ended.
    }
    return 0;
  }
}
