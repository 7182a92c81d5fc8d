package dev.thumbnet.model.layer;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.backend.problem.ResizeProblem.Filter;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.LeakyReLU;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Ops;

/**
 * What the learned resizer of Talebi and Milanfar ("Learning to Resize Images for Computer Vision
 * Tasks", ICCV 2021), with 16 channels and one residual block, adds to a thumbnail; 12,035 weights.
 * From pictures x (n, h, w, 3) to (n, h/s, w/s, 3):
 *
 * <pre>
 * f = resize(BN(leaky(conv1x1(leaky(conv7x7(x))))))                      3 → 16 channels
 * r = f + BN(conv3x3(leaky(BN(conv3x3(f)))))
 * y = conv7x7(f + BN(conv3x3(r)))                                          16 → 3
 * </pre>
 *
 * Features are resized bilinearly, as theirs; leaky ReLUs have a slope of 0.2. What it is added to
 * is not part of this layer.
 */
public final class TalebiMilanfar extends Module {
  private static final int CHANNELS = 16;
  private static final double SLOPE = 0.2;

  private final int side;
  private final Sequential before;
  private final Sequential block;
  private final Sequential after;
  private final Conv2d last;

  /**
   * Makes the layer; its weights are zero.
   *
   * @param side s
   */
  public TalebiMilanfar(int side, Device device) {
    this.side = side;
    this.before =
        child(
            "before",
            new Sequential(
                new Conv2d(device, 3, CHANNELS, 7, 1, 3, true, null),
                new LeakyReLU(SLOPE),
                new Conv2d(device, CHANNELS, CHANNELS, 1, 1, 0, true, null),
                new LeakyReLU(SLOPE),
                new BatchNorm2d(device, CHANNELS)));
    this.block =
        child(
            "block",
            new Sequential(
                convolution(device),
                new BatchNorm2d(device, CHANNELS),
                new LeakyReLU(SLOPE),
                convolution(device),
                new BatchNorm2d(device, CHANNELS)));
    this.after =
        child("after", new Sequential(convolution(device), new BatchNorm2d(device, CHANNELS)));
    this.last = child("last", new Conv2d(device, CHANNELS, 3, 7, 1, 3, true, null));
  }

  private static Conv2d convolution(Device device) {
    return new Conv2d(device, CHANNELS, CHANNELS, 3, 1, 1, false, null);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor features =
        Ops.resize(before.forward(x), x.dim(1) / side, x.dim(2) / side, Filter.BILINEAR);
    Tensor refined = Ops.add(features, block.forward(features));
    return last.forward(Ops.add(features, after.forward(refined)));
  }
}
