package dev.thumbnet.data.image;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.imageio.ImageIO;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Java's ImageIO without its hold on applications.
 *
 * <p>ImageIO is one for the JVM. Whoever uses it first leaves it his thread's context class loader,
 * and the plug-ins that this loader sees, for ever: a web application could never be unloaded
 * again. So here it begins with the system's class loader. Plug-ins that only the class loader of
 * this class sees, because they lie beside it in an application, are not given to ImageIO but kept
 * by this class, and go when it goes. An application on the class or module path has no such
 * plug-ins.
 */
final class JavaImageIo {
  private static final IIORegistry OF_JVM = registryOfJvm();

  /** What makes the readers of plug-ins that the JVM's registry does not know. */
  private static final List<ImageReaderSpi> OF_APPLICATION = ofApplication();

  private JavaImageIo() {}

  private static IIORegistry registryOfJvm() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return IIORegistry.getDefaultInstance();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static List<ImageReaderSpi> ofApplication() {
    List<ImageReaderSpi> beside = plugins(JavaImageIo.class.getClassLoader());
    beside.removeIf(spi -> OF_JVM.getServiceProviderByClass(spi.getClass()) != null);
    return beside;
  }

  private static List<ImageReaderSpi> plugins(ClassLoader loader) {
    List<ImageReaderSpi> plugins = new ArrayList<>();
    Iterator<ImageReaderSpi> found = ServiceLoader.load(ImageReaderSpi.class, loader).iterator();
    boolean more = true;
    while (more) {
      try {
        more = found.hasNext();
        if (more) {
          plugins.add(found.next());
        }
      } catch (ServiceConfigurationError e) {
        more = true; // a plug-in that cannot be loaded is left out
      }
    }
    return plugins;
  }

  /** Returns what makes readers, in no order. */
  static List<ImageReaderSpi> readers() {
    List<ImageReaderSpi> all = new ArrayList<>(OF_APPLICATION);
    OF_JVM.getServiceProviders(ImageReaderSpi.class, false).forEachRemaining(all::add);
    return all;
  }

  /** Writes a PNG file to a stream, which is not closed. No temporary file is needed. */
  static void writePng(RenderedImage image, OutputStream out) throws IOException {
    try (ImageOutputStream png = new MemoryCacheImageOutputStream(out)) {
      ImageIO.write(image, "png", png);
    }
  }
}
