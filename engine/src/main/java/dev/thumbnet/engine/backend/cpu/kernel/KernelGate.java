package dev.thumbnet.engine.backend.cpu.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which kernels run. The vector kernels are loaded by name and only after it is certain
 * that they can work, so that a JVM without the incubator module never sees a missing class.
 *
 * <p>Properties: {@code dev.thumbnet.engine.kernels} = {@code vector} or {@code scalar} and {@code
 * dev.thumbnet.engine.lanes} = 16, 8 or 4 (floats per vector) force a choice; a choice that cannot
 * be honoured is an error. Without them the vector kernels run where they can, otherwise the scalar
 * ones, with one warning that says what to do. {@code dev.thumbnet.engine.winograd} = {@code false}
 * turns Winograd's convolution off. All are read once.
 */
public final class KernelGate {
  static final String KERNELS_PROPERTY = "dev.thumbnet.engine.kernels";

  static final String LANES_PROPERTY = "dev.thumbnet.engine.lanes";

  static final String WINOGRAD_PROPERTY = "dev.thumbnet.engine.winograd";

  private static final String MODULE = "jdk.incubator.vector";
  private static final String PACKAGE = "dev.thumbnet.engine.backend.cpu.";

  private KernelGate() {}

  /** What came out of the choice; a failure is kept too, so that each call can explain it. */
  private record Choice(@Nullable Kernels kernels, @Nullable IllegalStateException failure) {
    static final Choice OF_PROCESS = make();

    private static Choice make() {
      try {
        return new Choice(select(System.getProperty(KERNELS_PROPERTY)), null);
      } catch (IllegalStateException e) {
        return new Choice(null, e);
      }
    }
  }

  /**
   * Returns the kernels of this process; logs one line the first time.
   *
   * @throws IllegalStateException if a property cannot be honoured
   */
  public static Kernels selected() {
    Choice choice = Choice.OF_PROCESS;
    if (choice.failure != null) {
      throw new IllegalStateException(choice.failure.getMessage(), choice.failure);
    }
    return Objects.requireNonNull(choice.kernels);
  }

  /**
   * Tells whether Winograd's convolution may be chosen in this process.
   *
   * @throws IllegalStateException if the property is neither "true" nor "false"
   */
  public static boolean winograd() {
    Winograd choice = Winograd.OF_PROCESS;
    if (choice.failure != null) {
      throw new IllegalStateException(choice.failure.getMessage(), choice.failure);
    }
    return choice.on;
  }

  private record Winograd(boolean on, @Nullable IllegalStateException failure) {
    static final Winograd OF_PROCESS = make();

    private static Winograd make() {
      try {
        return new Winograd(winograd(System.getProperty(WINOGRAD_PROPERTY)), null);
      } catch (IllegalStateException e) {
        return new Winograd(false, e);
      }
    }
  }

  public static boolean winograd(@Nullable String wish) {
    return switch (wish == null ? "true" : wish.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalStateException(
              "property "
                  + WINOGRAD_PROPERTY
                  + " must be \"true\" or \"false\" but is \""
                  + wish
                  + "\"");
    };
  }

  static Kernels select(@Nullable String wish) {
    if (wish == null) {
      return automatic();
    }
    Kernels kernels =
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
    return announced(kernels);
  }

  private static Kernels automatic() {
    try {
      return announced(vector());
    } catch (IllegalStateException e) {
      if (System.getProperty(LANES_PROPERTY) != null) {
        throw e;
      }
      logger()
          .log(
              Level.WARNING,
              "Running plain Java kernels, ten or more times slower. " + e.getMessage());
      return scalar();
    }
  }

  private static void announce(String line) {
    logger().log(Level.INFO, line);
  }

  private static Logger logger() {
    return System.getLogger("dev.thumbnet.engine");
  }

  private static Kernels announced(Kernels kernels) {
    String lanes = kernels.lanes() > 1 ? " with " + kernels.lanes() + " lanes" : "";
    String line = "Running " + kernels.name() + " kernels" + lanes;
    // The first message makes the JVM load its logging, which takes longer than all the rest here.
    Thread thread = new Thread(null, () -> announce(line), "thumbnet-log", 0, false);
    thread.setDaemon(true);
    thread.start();
    return kernels;
  }

  static Kernels vector() {
    String obstacle = obstacle();
    if (obstacle != null) {
      throw new IllegalStateException("The vector kernels cannot run: " + obstacle);
    }
    return load("vector", PACKAGE + "vector.VectorKernels");
  }

  static Kernels scalar() {
    return load("scalar", PACKAGE + "scalar.ScalarKernels");
  }

  /**
   * Makes kernels by the name of their class.
   *
   * @param which kernels they are, for messages
   */
  static Kernels load(String which, String className) {
    try {
      return (Kernels) Class.forName(className).getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      Throwable cause = e.getTargetException();
      throw new IllegalStateException(
          "The " + which + " kernels cannot run: " + cause.getMessage(), cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "The "
              + which
              + " kernels cannot run: "
              + className
              + " is missing; the jar is not complete",
          e);
    }
  }

  /** Tells why the vector kernels cannot run, if they cannot, and what to do about it. */
  private static @Nullable String obstacle() {
    return obstacle(
        ModuleLayer.boot().findModule(MODULE).isPresent(),
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vm.info", ""));
  }

  static @Nullable String obstacle(boolean modulePresent, String vmName, String vmInfo) {
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
