package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import dev.thumbnet.engine.backend.cpu.vector.tile.LaneChoice;
import java.util.List;

/** The kernels on the Vector API. Loaded by name, see the package above. */
public final class VectorKernels implements Kernels {
  // First, so that a choice that cannot be honoured fails here and not in a class initialiser.
  private final int lanes = LaneChoice.species().length();
  private final TileKernels tiles = new VectorTileKernels();
  private final GroupKernels groups = new VectorGroupKernels();
  private final ElementKernels elements = new VectorElementKernels();
  private final ChannelKernels channels = new VectorChannelKernels();
  private final SpatialKernels spatial = new VectorSpatialKernels();
  private final List<WinogradWeightGradientKernels> winogradGradients =
      List.of(new VectorWinograd4(), new VectorWinograd2());
  private final List<WinogradKernels> winograd =
      List.of(winogradGradients.get(0), winogradGradients.get(1), new VectorWinogradStrided4());

  /**
   * Makes the kernels.
   *
   * @throws IllegalStateException if the property for the lanes cannot be honoured, or the machine
   *     is too old
   */
  public VectorKernels() {}

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int lanes() {
    return lanes;
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
    return channels;
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
    return winogradGradients;
  }

  @Override
  public Kernels cold() {
    return new ColdKernels(this);
  }
}
