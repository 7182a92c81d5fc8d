package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.kernel.ChannelKernels;
import dev.thumbnet.engine.backend.cpu.kernel.ElementKernels;
import dev.thumbnet.engine.backend.cpu.kernel.GroupKernels;
import dev.thumbnet.engine.backend.cpu.kernel.Kernels;
import dev.thumbnet.engine.backend.cpu.kernel.SpatialKernels;
import dev.thumbnet.engine.backend.cpu.kernel.TileKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradKernels;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradMatrices;
import dev.thumbnet.engine.backend.cpu.kernel.WinogradWeightGradientKernels;
import java.util.List;

/**
 * The kernels in plain Java. Loaded by name, see the package above. None has a state; they are made
 * when they are asked for, because vector kernels need only some of them.
 */
public final class ScalarKernels implements Kernels {
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
    return new ScalarTileKernels();
  }

  @Override
  public GroupKernels groups() {
    return new ScalarGroupKernels();
  }

  @Override
  public ElementKernels elements() {
    return new ScalarElementKernels();
  }

  @Override
  public ChannelKernels channels() {
    return new ScalarChannelKernels();
  }

  @Override
  public SpatialKernels spatial() {
    return new ScalarSpatialKernels();
  }

  @Override
  public List<WinogradKernels> winograd() {
    return List.of(
        new ScalarWinograd(WinogradMatrices.four()),
        new ScalarWinograd(WinogradMatrices.two()),
        new ScalarWinograd(WinogradMatrices.fourStrided()));
  }

  @Override
  public List<WinogradWeightGradientKernels> winogradGradients() {
    return List.of(
        new ScalarWinograd(WinogradMatrices.four()), new ScalarWinograd(WinogradMatrices.two()));
  }
}
