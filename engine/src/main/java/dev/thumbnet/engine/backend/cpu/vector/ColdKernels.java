package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import java.util.List;

/**
 * Kernels for a JVM that has just started. Until C2 has compiled a vector kernel, each vector in it
 * is an object, and a network that takes 3 ms takes half a second. Here the loops that inference
 * spends its time in are plain ones, which C1 compiles at once, with the same multiply-adds in the
 * same order: all results have the same bits. Layouts are the vector kernels', too, and so is
 * everything else.
 */
final class ColdKernels implements Kernels {
  private final Kernels vector;
  private final TileKernels tiles = new ColdTileKernels();
  private final GroupKernels groups = new ColdGroupKernels();
  private final ElementKernels elements = new ColdElementKernels();
  private final SpatialKernels spatial = new ColdSpatialKernels();
  private final List<WinogradKernels> winograd =
      List.of(new ColdWinograd4(), new ColdWinograd2(), new ColdWinogradStrided4());

  ColdKernels(Kernels vector) {
    this.vector = vector;
  }

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public int lanes() {
    return vector.lanes();
  }

  @Override
  public TileKernels tiles() {
    return tiles;
  }

  @Override
  public GroupKernels groups() {
    return groups;
  }

  @Override
  public ElementKernels elements() {
    return elements;
  }

  @Override
  public ChannelKernels channels() {
    return vector.channels();
  }

  @Override
  public SpatialKernels spatial() {
    return spatial;
  }

  @Override
  public List<WinogradKernels> winograd() {
    return winograd;
  }

  @Override
  public List<WinogradWeightGradientKernels> winogradGradients() {
    return vector.winogradGradients();
  }
}
