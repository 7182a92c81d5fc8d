package dev.thumbnet.engine.backend.cpu;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * Decides which kernels run. The vector kernels are loaded by name and only after it is certain
 * that they can work, so that a JVM without the incubator module never sees a missing class.
 *
 * <p>Properties: {@code dev.thumbnet.engine.kernels} = {@code vector} or {@code scalar} and {@code
 * dev.thumbnet.engine.lanes} = 16, 8 or 4 (floats per vector) force a choice; a choice that cannot
 * be honoured is an error. Without them the vector kernels run where they can, otherwise the scalar
 * ones, with one warning that says what to do.
 */
final class KernelGate {
  static final String KERNELS_PROPERTY = "dev.thumbnet.engine.kernels";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String PACKAGE = "dev.thumbnet.engine.backend.cpu.";

  private KernelGate() {}

  private static final class Selected {
    static final Kernels KERNELS = select(System.getProperty(KERNELS_PROPERTY));
  }

  /** Returns the kernels of this process; logs one line the first time. */
  static Kernels selected() {
    return Selected.KERNELS;
  }

  static Kernels select(String wish) {
    Logger log = System.getLogger("dev.thumbnet.engine");
    String obstacle = obstacle();
    Kernels kernels;
    if (wish == null) {
      kernels = obstacle == null ? vector() : scalar();
      if (obstacle != null) {
        log.log(Level.WARNING, "Running plain Java kernels, ten or more times slower: " + obstacle);
        return kernels;
      }
    } else {
      kernels =
          switch (wish.toLowerCase(Locale.ROOT)) {
            case "vector" -> vector();
            case "scalar" -> scalar();
            default ->
                throw new IllegalStateException(
                    "property "
                        + KERNELS_PROPERTY
                        + " must be \"vector\" or \"scalar\" but is \""
                        + wish
                        + "\"");
          };
    }
    log.log(
        Level.INFO,
        "Running "
            + kernels.name()
            + " kernels"
            + (kernels.lanes() > 1 ? " with " + kernels.lanes() + " lanes" : ""));
    return kernels;
  }

  static Kernels vector() {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IllegalStateException("The vector kernels cannot run: " + obstacle);
    }
    return load(PACKAGE + "vector.VectorKernels");
  }

  static Kernels scalar() {
    return load(PACKAGE + "scalar.ScalarKernels");
  }

  private static Kernels load(String className) {
    try {
      return (Kernels) Class.forName(className).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ExceptionInInitializerError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(cause.getMessage(), cause);
    }
  }

  /** Tells why the vector kernels cannot run and what to do about it, or returns null. */
  private static String obstacle() {
    return obstacle(
        ModuleLayer.boot().findModule(MODULE).isPresent(),
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""));
  }

  static String obstacle(boolean modulePresent, String vmName, String vmInfo) {
    if (!modulePresent) {
      return "the module "
          + MODULE
          + " is not loaded. Start the JVM with --add-modules "
          + MODULE
          + " (for example in the environment variable JDK_JAVA_OPTIONS).";
    }
    // The Vector API is fast only where C2 turns it into instructions; elsewhere each vector is an
    // object and the kernels are a hundred times slower than plain Java.
    if (!vmName.contains("Server VM")) {
      return "the JVM \"" + vmName + "\" does not compile the Vector API. Use a HotSpot JVM.";
    }
    if (vmInfo.contains("interpreted") || vmInfo.contains("emulated-client")) {
      return "the JVM runs without its optimising compiler ("
          + vmInfo
          + "). Remove -Xint or -XX:TieredStopAtLevel from its options.";
    }
    return null;
  }
}
