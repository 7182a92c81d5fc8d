"""Exports torchvision's networks, with random weights, as ONNX files for OnnxNetworksTest.

Run: python3 onnx_networks.py FOLDER [NAME...], with FOLDER being `onnx-networks` in the folder that
the tests find data in, see TestData. Needs PyTorch 1.13.1 and torchvision 0.14.1, as golden_models.py
does. The files are large and are not kept: running this again on the same versions makes the same.

Each network is exported for pictures of one size, with any number of them. Statistics of batch
normalisation are random, too, so that they matter. A name ending in ".train" is exported with its
batch normalisation and dropout left in the graph, as for further training.
"""
import pathlib
import sys

import torch
import torchvision

OPSET = 13

# Name, and height and width of the pictures.
NETWORKS = [
    ("resnet18", 224, 224),
    ("resnet18.train", 97, 65),
    ("resnet34", 97, 65),
    ("resnet50", 224, 224),
    ("resnext50_32x4d", 97, 65),
    ("wide_resnet50_2", 97, 65),
    ("vgg11", 224, 224),
    ("vgg19_bn.train", 224, 224),
    ("alexnet", 224, 224),
    ("squeezenet1_0", 225, 193),
    ("squeezenet1_1", 224, 224),
    ("densenet121", 97, 65),
    ("googlenet", 225, 193),
    ("inception_v3", 299, 299),
    ("mobilenet_v2", 224, 224),
    ("mobilenet_v3_small", 97, 65),
    ("mobilenet_v3_large", 224, 224),
    ("shufflenet_v2_x1_0", 224, 224),
    ("mnasnet1_0", 97, 65),
    ("efficientnet_b0", 224, 224),
    ("regnet_y_400mf", 97, 65),
    ("regnet_x_400mf", 97, 65),
    ("convnext_tiny", 224, 224),
    ("fcn_resnet50", 97, 65),
]


def build(name):
    kind = torchvision.models.segmentation if name.startswith("fcn") else torchvision.models
    extra = {"weights": None}
    if name.startswith("fcn"):
        extra["weights_backbone"] = None
    if name in ("googlenet", "inception_v3"):
        extra["init_weights"] = False
        extra["aux_logits"] = False
    return getattr(kind, name)(**extra)


class Plain(torch.nn.Module):
    """Only the result of a network that gives several."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return self.network(x)["out"]


def scramble(network, generator):
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.uniform_(-0.1, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)


def export(folder, name, height, width):
    torch.manual_seed(1)
    base = name.removesuffix(".train")
    network = build(base).eval()
    scramble(network, torch.Generator().manual_seed(2))
    if base.startswith("fcn"):
        network = Plain(network)
    mode = torch.onnx.TrainingMode
    torch.onnx.export(
        network,
        torch.zeros(1, 3, height, width),
        folder / f"{name}.onnx",
        opset_version=OPSET,
        input_names=["input"],
        output_names=["output"],
        dynamic_axes={"input": {0: "n"}, "output": {0: "n"}},
        training=mode.PRESERVE if name.endswith(".train") else mode.EVAL,
        do_constant_folding=not name.endswith(".train"),
    )


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, height, width in NETWORKS:
        if len(sys.argv) == 2 or name in sys.argv[2:]:
            print(name, height, width, flush=True)
            export(folder, name, height, width)


if __name__ == "__main__":
    main()
