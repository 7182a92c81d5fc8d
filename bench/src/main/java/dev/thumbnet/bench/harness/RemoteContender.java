package dev.thumbnet.bench.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A contender in a process of its own, for libraries of which one process bears only one version.
 * It takes its turns as the others do and measures its own time, so what it is told and answers is
 * not in it: a line {@code run} is answered by the result's numbers, {@code time NANOS} by {@link
 * #milliseconds}.
 */
public final class RemoteContender implements Contender {
  private static final String RUN = "run";
  private static final String TIME = "time ";

  private final Subprocess command;
  private final Process process;
  private final PrintWriter questions;
  private final BufferedReader answers;

  /**
   * Starts the process.
   *
   * @param command what {@link #serve}s the contender, under its name
   * @throws IOException if it cannot be started
   */
  public RemoteContender(Subprocess command) throws IOException {
    this.command = command;
    process = command.start();
    questions = new PrintWriter(process.outputWriter(), true);
    answers = process.inputReader();
  }

  /** Lets another process run a contender until it has no more questions. */
  public static void serve(Contender contender, Reader questions, Writer answers)
      throws IOException {
    BufferedReader lines = new BufferedReader(questions);
    PrintWriter out = new PrintWriter(answers, true);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      out.println(
          line.equals(RUN)
              ? text(contender.run())
              : contender.milliseconds(Long.parseLong(line.substring(TIME.length()))));
    }
  }

  private static String text(float[] result) {
    return IntStream.range(0, result.length)
        .mapToObj(i -> Float.toString(result[i]))
        .collect(Collectors.joining(" "));
  }

  private String ask(String question) {
    try {
      questions.println(question);
      String answer = answers.readLine();
      if (answer == null) {
        throw new IllegalStateException(command.name() + " has ended, see above");
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public float[] run() {
    double[] numbers = Stream.of(ask(RUN).split(" ")).mapToDouble(Float::parseFloat).toArray();
    float[] result = new float[numbers.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) numbers[i];
    }
    return result;
  }

  @Override
  public double milliseconds(long nanos) {
    return Double.parseDouble(ask(TIME + nanos));
  }

  /** Ends the process, and returns when it no longer takes time from the next ones. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
