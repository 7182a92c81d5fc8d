package dev.thumbnet.engine.backend.cpu.runtime;

/**
 * Starts threads that belong to nobody. Which application, and which of its threads, needs one
 * first is chance, so nothing is taken over from it: no thread locals, no context class loader, no
 * thread group, no priority. Otherwise a thread that lives on would hold all that an application
 * server wants to throw away, or compute at the priority of a thread that was in no hurry.
 */
final class DaemonThreads {
  private DaemonThreads() {}

  /** Starts a daemon thread with the system's context class loader, in the topmost group. */
  static Thread start(String name, Runnable task) {
    Thread thread = new Thread(topmostGroup(), task, name, 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.start();
    return thread;
  }

  private static ThreadGroup topmostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }
}
