package dev.thumbnet.redeploy;

import java.io.File;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * Stands in for an application server, in a process of its own: its threads live on, applications
 * have class loaders that it drops. {@code ApplicationServer CLASSPATH MODEL PICTURE} prints what
 * each application answers, and which was not unloaded in time.
 */
public final class ApplicationServer {
  private static final long PATIENCE_MILLIS = 20_000;

  private final ExecutorService requests =
      Executors.newFixedThreadPool(3, Thread.ofPlatform().daemon().factory());
  private final ReferenceQueue<ClassLoader> unloaded = new ReferenceQueue<>();
  private final Map<PhantomReference<ClassLoader>, String> loaders = new HashMap<>();

  /** Each application is asked for one thing, by several threads, and then dropped. */
  public static void main(String[] args) throws Exception {
    ApplicationServer server = new ApplicationServer();
    for (String request : List.of("classify", "warm up", "batches", "thumbnail", "plug-in")) {
      server.deployAndDrop(args[0], args[1], args[2], request);
    }
    server.awaitUnloading();
  }

  private void deployAndDrop(String classPath, String model, String picture, String request)
      throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator)) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
      loaders.put(new PhantomReference<>(loader, unloaded), request);
      @SuppressWarnings("unchecked")
      UnaryOperator<String> application =
          (UnaryOperator<String>)
              loader
                  .loadClass("dev.thumbnet.redeploy.Application")
                  .getConstructor(String.class, String.class)
                  .newInstance(model, picture);
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(requests.submit(() -> asIts(loader, application, request)));
      }
      for (Future<String> answer : answers) {
        System.out.println(request + ": " + answer.get());
      }
    }
  }

  /** Calls an application as servers do: its class loader is the thread's meanwhile. */
  private static String asIts(
      ClassLoader loader, UnaryOperator<String> application, String request) {
    Thread.currentThread().setContextClassLoader(loader);
    try {
      return application.apply(request);
    } finally {
      Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    }
  }

  private void awaitUnloading() throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!loaders.isEmpty() && System.nanoTime() < end) {
      System.gc();
      for (Object found = unloaded.remove(100); found != null; found = unloaded.poll()) {
        loaders.remove(found);
      }
    }
    loaders.values().forEach(request -> System.out.println("never unloaded: " + request));
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("thumbnet")) {
        System.out.println("still running: " + thread);
      }
    }
  }
}
