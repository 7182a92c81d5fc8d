package dev.thumbnet.bench.endure;

/** The processes that this one has started, and theirs. */
final class Descendants {
  private Descendants() {}

  /** Makes them end with this process, at once and however it is ended, except by SIGKILL. */
  static void endWithThisProcess() {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () ->
                    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
  }

  /** Makes this process end when the one that started it does. */
  static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(p -> p.onExit().thenRun(() -> System.exit(1)));
  }
}
