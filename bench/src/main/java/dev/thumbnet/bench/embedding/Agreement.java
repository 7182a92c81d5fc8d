package dev.thumbnet.bench.embedding;

import dev.thumbnet.bench.harness.Differences;
import dev.thumbnet.engine.Autograd;
import dev.thumbnet.engine.Device;
import dev.thumbnet.engine.Rng;
import dev.thumbnet.engine.Shape;
import dev.thumbnet.engine.Tensor;
import dev.thumbnet.engine.TensorScope;
import dev.thumbnet.engine.nn.Module;
import dev.thumbnet.engine.plan.Plan;
import java.util.List;

/**
 * How far plans are from the modules they are made of: for each network and size a line with the
 * largest difference of a logit over the largest logit.
 */
final class Agreement {
  private Agreement() {}

  /** Runs once. */
  public static void main(String[] args) {
    List<String> networks = List.of("resnet18", "resnet34", "resnet50", "vgg11_bn", "vgg16_bn");
    try (Device device = Device.cpu(Runtime.getRuntime().availableProcessors())) {
      for (String network : networks) {
        Module module = Material.model(network, 1, device).network();
        for (int size : new int[] {224, 112, 56}) {
          System.out.printf("%s %d %.2e%n", network, size, difference(module, device, size));
        }
      }
    }
  }

  private static double difference(Module module, Device device, int size) {
    Shape shape = Shape.of(2, size, size, 3);
    Plan plan = Plan.compile(module, device, shape);
    try (TensorScope _ = new TensorScope();
        var _ = Autograd.noGrad()) {
      Rng rng = new Rng(size);
      Tensor x = Tensor.empty(device, shape);
      x.fill(rng::nextGaussian);
      return Differences.relative(module.forward(x).toArray(), plan.run(x).toArray());
    }
  }
}
