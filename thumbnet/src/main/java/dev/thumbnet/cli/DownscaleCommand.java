package dev.thumbnet.cli;

import dev.thumbnet.Thumbnailer;
import dev.thumbnet.cli.option.DeviceOptions;
import dev.thumbnet.cli.picture.PictureFiles;
import dev.thumbnet.cli.picture.PictureFiles.Source;
import dev.thumbnet.data.image.RgbImage;
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
      "",
      "A folder stands for all pictures below it, and its thumbnails get the same folders below"
          + " DIR; - stands for one picture from standard input and gives stdin.png. The name of"
          + " each thumbnail is printed when it is written. Ctrl-C stops at once.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  thumbnet downscale student.safetensors cat.jpg dog.jpg --out small",
      "  thumbnet downscale student.safetensors photographs --out small"
    },
    mixinStandardHelpOptions = true)
final class DownscaleCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "File of a model made by 'distill' or 'reproduce'.")
  private Path file;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Pictures, folders of pictures, or - for standard input.")
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
    PictureFiles files = new PictureFiles(images, out);
    files.notes().forEach(console::note);
    boolean good;
    try (Device opened = device.open(files.sources().size())) {
      TrainedDownscaler downscaler = TrainedDownscaler.load(file, opened);
      Thumbnailer thumbnailer = new Thumbnailer(downscaler);
      SinglePictures pictures =
          new SinglePictures(thumbnailer.side(), downscaler.preprocessing().decoder());
      List<Task> tasks = tasks(files.sources());
      makeFolder(out);
      good =
          console
              .loop(device.workers())
              .run(
                  tasks,
                  task -> task.source().file(),
                  task ->
                      new Thumbnail(
                          task.target(),
                          pictures.full(task.source(), picture, thumbnailer::thumbnail)),
                  this::write);
    }
    return good && files.complete() ? 0 : 1;
  }

  /** A picture and the file of its thumbnail. */
  private record Task(Source source, Path target) {}

  /** A thumbnail and its file. */
  private record Thumbnail(Path target, RgbImage picture) {}

  private void write(Thumbnail thumbnail) {
    makeFolder(thumbnail.target().resolveSibling(""));
    thumbnail.picture().writePng(thumbnail.target());
    console.out().println(thumbnail.target());
  }

  private void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("--out " + out + ": " + folder + " cannot be made: " + e, e);
    }
  }

  /** Targets are checked before anything is written. */
  private List<Task> tasks(List<Source> sources) {
    Map<Path, Source> targets = new LinkedHashMap<>();
    for (Source source : sources) {
      Path target = target(source);
      Source other = targets.put(target, source);
      if (other != null) {
        throw new IllegalArgumentException(
            other.file()
                + " and "
                + source.file()
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
    return targets.entrySet().stream().map(e -> new Task(e.getValue(), e.getKey())).toList();
  }

  private Path target(Source source) {
    String name = source.place().getFileName().toString();
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return out.resolve(source.place()).resolveSibling(stem + ".png");
  }
}
