package dev.thumbnet.model;

import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.nn.AdaptiveAvgPool2d;
import dev.thumbnet.engine.nn.BatchNorm2d;
import dev.thumbnet.engine.nn.Conv2d;
import dev.thumbnet.engine.nn.Flatten;
import dev.thumbnet.engine.nn.Linear;
import dev.thumbnet.engine.nn.MaxPool2d;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.nn.ReLU;
import dev.thumbnet.engine.nn.Sequential;
import dev.thumbnet.engine.op.Conv2dOptions;
import dev.thumbnet.engine.op.Ops;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Residual networks (He et al. 2016) of 18 to 152 layers with torchvision's names; also those with
 * wider bottlenecks (Zagoruyko and Komodakis 2016) and with grouped ones (ResNeXt, Xie et al.
 * 2017). The stride of a bottleneck block is on its 3x3 convolution. The left segment ends after
 * {@code layer2}. Before the first convolution there may be a front, see {@link
 * Architecture#withFront}; the first convolutions of basic blocks may have fewer channels than
 * their blocks, see {@link #innerConvolutions}.
 */
public final class ResNet extends Classifier {
  private final Architecture architecture;
  private final Convolutions convolutions;
  private final Sequential left;
  private final Sequential right;
  private final int featureChannels;
  private final List<InnerConvolution> inner = new ArrayList<>();

  /**
   * How a network is built.
   *
   * @param bottleneck whether blocks have three convolutions instead of two
   * @param groups of the 3x3 convolutions of bottlenecks
   * @param groupWidth channels of a group in the first layer
   * @param blocks in each of the four layers
   */
  private record Plan(boolean bottleneck, int groups, int groupWidth, int... blocks) {
    static final Map<String, Plan> ALL = new LinkedHashMap<>();

    static {
      ALL.put("resnet18", new Plan(false, 1, 64, 2, 2, 2, 2));
      ALL.put("resnet34", new Plan(false, 1, 64, 3, 4, 6, 3));
      ALL.put("resnet50", new Plan(true, 1, 64, 3, 4, 6, 3));
      ALL.put("resnet101", new Plan(true, 1, 64, 3, 4, 23, 3));
      ALL.put("resnet152", new Plan(true, 1, 64, 3, 8, 36, 3));
      ALL.put("resnext50_32x4d", new Plan(true, 32, 4, 3, 4, 6, 3));
      ALL.put("resnext101_32x8d", new Plan(true, 32, 8, 3, 4, 23, 3));
      ALL.put("resnext101_64x4d", new Plan(true, 64, 4, 3, 4, 23, 3));
      ALL.put("wide_resnet50_2", new Plan(true, 1, 128, 3, 4, 6, 3));
      ALL.put("wide_resnet101_2", new Plan(true, 1, 128, 3, 4, 23, 3));
    }
  }

  /** Returns the names of all networks. */
  static List<String> names() {
    return List.copyOf(Plan.ALL.keySet());
  }

  /**
   * Returns the channels between the convolutions of all basic blocks, in their order.
   *
   * @throws IllegalArgumentException if the setting does not fit the blocks
   */
  static List<Integer> innerChannels(Architecture architecture) {
    Plan plan = Objects.requireNonNull(Plan.ALL.get(architecture.name()));
    List<Integer> usual = new ArrayList<>();
    if (!plan.bottleneck) {
      for (int i = 0; i < plan.blocks.length; i++) {
        usual.addAll(Collections.nCopies(plan.blocks[i], architecture.scaled(64 << i)));
      }
    }
    return TorchvisionSettings.innerChannels(architecture, usual);
  }

  /** Makes a network whose convolutions are zero; rng draws its linear layer. */
  ResNet(Architecture architecture, Device device, @Nullable Rng rng) {
    super(architecture);
    this.architecture = architecture;
    this.convolutions = new Convolutions(architecture, device);
    Plan plan = Objects.requireNonNull(Plan.ALL.get(architecture.name()));
    int stem = architecture.scaled(64);
    List<Module> first = new ArrayList<>();
    Front front = Front.of(architecture);
    if (front != Front.NONE) {
      first.add(child(Front.NAME, front.build(device)));
    }
    Module conv1 =
        TorchvisionSettings.smallInput(architecture)
            ? convolutions.next(front.channels(), stem, 3, Conv2dOptions.of(1, 1), false)
            : convolutions.next(front.channels(), stem, 7, Conv2dOptions.of(2, 3), false);
    child("conv1", conv1);
    BatchNorm2d bn1 = child("bn1", new BatchNorm2d(device, stem));
    Sequential[] layers = new Sequential[4];
    int in = stem;
    for (int i = 0; i < 4; i++) {
      layers[i] = child("layer" + (i + 1), layer(plan, i, in, device));
      in = outputs(plan, i);
    }
    convolutions.checkAll();
    Linear fc = child("fc", new Linear(device, in, architecture.classes(), true, rng));
    first.addAll(List.of(conv1, bn1, new ReLU()));
    if (!TorchvisionSettings.smallInput(architecture)) {
      first.add(new MaxPool2d(3, 2, 1));
    }
    first.add(layers[0]);
    first.add(layers[1]);
    this.left = new Sequential(first);
    this.right =
        new Sequential(layers[2], layers[3], new AdaptiveAvgPool2d(1, 1), new Flatten(), fc);
    this.featureChannels = outputs(plan, 1);
  }

  private int outputs(Plan plan, int layer) {
    return architecture.scaled(64 << layer) * (plan.bottleneck ? 4 : 1);
  }

  private Sequential layer(Plan plan, int layer, int inputs, Device device) {
    List<Module> blocks = new ArrayList<>();
    int in = inputs;
    int width = plan.groups * architecture.scaled(plan.groupWidth << layer);
    for (int i = 0; i < plan.blocks[layer]; i++) {
      int stride = layer > 0 && i == 0 ? 2 : 1;
      blocks.add(
          plan.bottleneck
              ? new Bottleneck(
                  device, convolutions, in, width, plan.groups, outputs(plan, layer), stride)
              : new BasicBlock(device, convolutions, in, inner(layer, i), width, stride));
      in = outputs(plan, layer);
    }
    return new Sequential(blocks);
  }

  /** Lists the convolution inside a basic block, and returns its channels. */
  private int inner(int layer, int block) {
    String prefix = "layer" + (layer + 1) + "." + block + ".";
    int channels = innerChannels(architecture).get(inner.size());
    inner.add(
        new InnerConvolution(
            prefix + "conv1", Optional.of(prefix + "bn1"), prefix + "conv2", channels));
    return channels;
  }

  @Override
  public List<InnerConvolution> innerConvolutions() {
    return convolutions.factored() ? List.of() : List.copyOf(inner);
  }

  @Override
  public Module left() {
    return left;
  }

  @Override
  public Module right() {
    return right;
  }

  @Override
  public int featureChannels() {
    return featureChannels;
  }

  @Override
  public List<Module> convolutions() {
    return convolutions.all();
  }

  /** max(f(x) + shortcut(x), 0), where f ends with a normalisation. */
  private abstract static class Block extends Module {
    private @Nullable Sequential downsample;

    /** Registers the projection of the shortcut, last as in torchvision, if shapes change. */
    final void shortcut(Device device, int in, int out, int stride) {
      if (stride != 1 || in != out) {
        downsample =
            child(
                "downsample",
                new Sequential(
                    new Conv2d(device, in, out, 1, stride, 0, false, null),
                    new BatchNorm2d(device, out)));
      }
    }

    abstract Tensor residual(Tensor x);

    @Override
    public final Tensor forward(Tensor x) {
      Tensor y = residual(x);
      return Ops.addRelu(y, downsample == null ? x : downsample.forward(x));
    }
  }

  /** Two 3x3 convolutions, {@code in} to {@code inner} to {@code out}; the first has the stride. */
  private static final class BasicBlock extends Block {
    private final Module conv1;
    private final BatchNorm2d bn1;
    private final Module conv2;
    private final BatchNorm2d bn2;

    BasicBlock(Device device, Convolutions convolutions, int in, int inner, int out, int stride) {
      Conv2dOptions strided = Conv2dOptions.of(stride, 1);
      conv1 = child("conv1", convolutions.next(in, inner, 3, strided, false));
      bn1 = child("bn1", new BatchNorm2d(device, inner));
      conv2 = child("conv2", convolutions.next(inner, out, 3, Conv2dOptions.of(1, 1), false));
      bn2 = child("bn2", new BatchNorm2d(device, out));
      shortcut(device, in, out, stride);
    }

    @Override
    Tensor residual(Tensor x) {
      return bn2.forward(conv2.forward(bn1.forwardRelu(conv1.forward(x))));
    }
  }

  /** 1x1 to {@code width}, 3x3 in groups with the stride, 1x1 to {@code out}. */
  private static final class Bottleneck extends Block {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Module conv2;
    private final BatchNorm2d bn2;
    private final Conv2d conv3;
    private final BatchNorm2d bn3;

    Bottleneck(
        Device device,
        Convolutions convolutions,
        int in,
        int width,
        int groups,
        int out,
        int stride) {
      Conv2dOptions grouped = Conv2dOptions.of(stride, 1).withGroups(groups);
      conv1 = child("conv1", new Conv2d(device, in, width, 1, 1, 0, false, null));
      bn1 = child("bn1", new BatchNorm2d(device, width));
      conv2 = child("conv2", convolutions.next(width, width, 3, grouped, false));
      bn2 = child("bn2", new BatchNorm2d(device, width));
      conv3 = child("conv3", new Conv2d(device, width, out, 1, 1, 0, false, null));
      bn3 = child("bn3", new BatchNorm2d(device, out));
      shortcut(device, in, out, stride);
    }

    @Override
    Tensor residual(Tensor x) {
      Tensor y = bn1.forwardRelu(conv1.forward(x));
      y = bn2.forwardRelu(conv2.forward(y));
      return bn3.forward(conv3.forward(y));
    }
  }
}
