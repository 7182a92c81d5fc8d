package dev.thumbnet.cli;

import dev.thumbnet.Thumbnailer;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.data.image.ImageException;
import dev.thumbnet.engine.Device;
import dev.thumbnet.pipeline.TrainedDownscaler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code thumbnet downscale}: writes thumbnails. */
@Command(
    name = "downscale",
    description = {
      "Writes the thumbnails of pictures as 8-bit PNG files, which 'classify --thumbnail' takes"
          + " later, or anybody can look at.",
      ""
    },
    footerHeading = "%nExample:%n",
    footer = {"  thumbnet downscale student.safetensors cat.jpg dog.jpg --out small"},
    mixinStandardHelpOptions = true)
final class DownscaleCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "File of a model made by 'distill' or 'reproduce'.")
  private Path file;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Pictures.")
  private List<Path> images;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the thumbnails; made if there is none. IMAGE.jpg gives IMAGE.png.")
  private Path out;

  @Option(
      names = "--picture",
      description =
          "Shrink pictures that have just the size of a thumbnail, too. Without it they are taken"
              + " for thumbnails and refused.")
  private boolean picture;

  @Mixin private DeviceOptions device;

  DownscaleCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    boolean failed = false;
    try (Device opened = device.open()) {
      TrainedDownscaler downscaler = ModelFiles.loadDownscaler(file, opened);
      Thumbnailer thumbnailer = new Thumbnailer(downscaler);
      SinglePictures pictures =
          new SinglePictures(thumbnailer.side(), downscaler.preprocessing().decoder());
      Map<Path, Path> targets = targets();
      Files.createDirectories(out);
      for (Map.Entry<Path, Path> entry : targets.entrySet()) {
        try {
          thumbnailer.thumbnail(pictures.full(entry.getValue(), picture)).writePng(entry.getKey());
          console.out().println(entry.getKey());
        } catch (ImageException | IllegalArgumentException e) {
          // The other pictures can still be shrunk.
          console.err().println("thumbnet: " + e.getMessage());
          failed = true;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("--out " + out + ": cannot be made: " + e.getMessage(), e);
    }
    return failed ? 1 : 0;
  }

  /** Picture by thumbnail; checked before anything is written. */
  private Map<Path, Path> targets() {
    Map<Path, Path> targets = new LinkedHashMap<>();
    for (Path image : images) {
      String name = image.getFileName().toString();
      int dot = name.lastIndexOf('.');
      Path target = out.resolve((dot > 0 ? name.substring(0, dot) : name) + ".png");
      Path other = targets.put(target, image);
      if (other != null) {
        throw new IllegalArgumentException(
            other
                + " and "
                + image
                + " would both become "
                + target
                + "; rename one, or use"
                + " another --out for it");
      }
      if (Files.exists(target)) {
        throw new IllegalArgumentException(
            target + ": exists already; remove it or choose another --out");
      }
    }
    return targets;
  }
}
