package dev.thumbnet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thumbnet.engine.backend.Backend;
import dev.thumbnet.engine.backend.WeightFormat;
import dev.thumbnet.engine.backend.reference.ReferenceBackend;
import dev.thumbnet.engine.nn.LeakyReLU;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.plan.Plan;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A plan and its parts have one cold start: code that is warm for the one is so for the others. */
final class ColdStartTest {
  private final StartingBackend starting = new StartingBackend();
  private final Plan whole = compile();
  private final Plan left = whole.part(0);
  private final Plan right = whole.part(1);

  private Plan compile() {
    List<Module> modules = List.of(new ReLU(), new LeakyReLU(0.5));
    modules.forEach(Module::eval);
    Device device = new Device(starting.proxy("hot"), true);
    return Plan.compile(modules, device, Shape.of(1, 3), WeightFormat.F32);
  }

  private void run(Plan plan) {
    float[] y = new float[3];
    plan.run(1, new float[] {1, 2, 3}, y);
    assertThat(y).containsExactly(1, 2, 3);
  }

  @Test
  void partsAreWarmWhenThePlanWarmedUp() {
    starting.warmUp(3);
    assertThat(starting.bound).containsExactly("hot", "hot");
    starting.bound.clear();
    run(left);
    run(right);
    run(whole);
    assertThat(starting.bound).isNotEmpty().containsOnly("hot");
  }

  @Test
  void theFirstCallOfAnyIsColdAndNoOther() {
    run(right);
    assertThat(starting.bound).containsExactly("cold");
    starting.bound.clear();
    run(left);
    run(whole);
    run(right);
    assertThat(starting.bound).isNotEmpty().containsOnly("hot");
  }

  @Test
  void aCallOfAPartEndsTheWarmUp() {
    assertThat(starting.wanted.getAsBoolean()).isTrue();
    run(left);
    assertThat(starting.wanted.getAsBoolean()).isFalse();
  }

  /** The reference backend as that of a JVM that has just started; notes who binds passes. */
  private static final class StartingBackend {
    private final Backend reference = new ReferenceBackend();
    private final List<String> bound = new ArrayList<>();
    private Runnable work = () -> {};
    private BooleanSupplier wanted = () -> false;
    private Runnable done = () -> {};

    Backend proxy(String name) {
      return (Backend)
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(),
              new Class<?>[] {Backend.class},
              (_, method, args) -> invoke(name, method, args));
    }

    private Object invoke(String name, Method method, Object[] args) throws Throwable {
      switch (method.getName()) {
        case "cold" -> {
          return proxy("cold");
        }
        case "warmUp" -> {
          work = (Runnable) args[0];
          wanted = (BooleanSupplier) args[1];
          done = (Runnable) args[2];
          return null;
        }
        case "bind" -> bound.add(name);
        default -> {}
      }
      try {
        return method.invoke(reference, args);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    void warmUp(int runs) {
      for (int run = 0; run < runs; run++) {
        assertThat(wanted.getAsBoolean()).isTrue();
        work.run();
      }
      done.run();
    }
  }
}
