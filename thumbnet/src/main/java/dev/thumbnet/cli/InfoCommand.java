package dev.thumbnet.cli;

import dev.thumbnet.engine.Device;
import dev.thumbnet.experiment.Machine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code thumbnet info}: what computes here. */
@Command(
    name = "info",
    description = "Shows which kernels, lanes and threads compute here.",
    mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private DeviceOptions device;

  InfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    PrintWriter out = console.out();
    try (Device opened = device.open()) {
      Machine machine = Machine.here(opened);
      out.println("version    " + Main.Version.text());
      out.println("device     " + machine.device());
      out.println("processor  " + machine.processor() + ", " + machine.cores() + " cores");
      out.println("system     " + machine.system());
      out.println("java       " + machine.java());
    }
    return 0;
  }
}
