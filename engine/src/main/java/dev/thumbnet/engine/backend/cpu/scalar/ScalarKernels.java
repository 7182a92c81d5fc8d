package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.ElementKernels;
import dev.thumbnet.engine.backend.cpu.Kernels;
import dev.thumbnet.engine.backend.cpu.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.TileKernels;
import dev.thumbnet.engine.backend.cpu.WinogradGradientKernels;
import dev.thumbnet.engine.backend.cpu.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.WinogradMatrices;
import java.util.List;

/** The kernels in plain Java. Loaded by name, see the package above. */
public final class ScalarKernels implements Kernels {
  private final TileKernels tiles = new ScalarTileKernels();
  private final ElementKernels elements = new ScalarElementKernels();
  private final ChannelKernels channels = new ScalarChannelKernels();
  private final SpatialKernels spatial = new ScalarSpatialKernels();
  private final List<WinogradGradientKernels> winogradGradients =
      List.of(
          new ScalarWinograd(WinogradMatrices.four()), new ScalarWinograd(WinogradMatrices.two()));
  private final List<WinogradKernels> winograd =
      List.of(
          winogradGradients.get(0),
          winogradGradients.get(1),
          new ScalarWinograd(WinogradMatrices.fourStrided()));

  /** Makes the kernels. */
  public ScalarKernels() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public TileKernels tiles() {
    return tiles;
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
  public List<WinogradGradientKernels> winogradGradients() {
    return winogradGradients;
  }
}
