"""PyTorch's side of bench/bin/compare-gpu: runs one case and prints what it measured, as the engine's side does.

Usage: pytorch_side.py --about | --libraries | FULL|QUICK 'train resnet18 224 b128 tf32' [DEVICE]

PyTorch runs eagerly, as well as it can: channels_last, cudnn.benchmark, a fused SGD; TF32 and bfloat16 as the case
wants. Where the engine replays CUDA graphs, PyTorch's eager mode is measured and a graph of PyTorch's, too.
"""

import statistics
import sys
import time

try:
    import torch
    import torchvision
    from torch.nn import functional
except (ImportError, OSError, RuntimeError) as e:  # missing, or not fit for each other
    sys.exit(f"compare-gpu: {sys.executable} cannot import torch and torchvision ({e}); PYTHON names another one")

CLASSES = 1000
# As in GpuTraining.
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY = 1e-4, 0.9, 5e-4
# Seconds of warming up, least steps of it, seconds of measuring, steps measured alone; as in Stopwatch.
EFFORTS = {"QUICK": (2.0, 6, 1.5, 10), "FULL": (6.0, 12, 4.0, 30)}
# Seconds for a layer, as in Stopwatch.
LAYER_SECONDS = {"QUICK": 0.05, "FULL": 0.3}


def about(device):
    p = torch.cuda.get_device_properties(device)
    print(f"card: {p.name}, compute capability {p.major}.{p.minor}, {p.multi_processor_count} multiprocessors")
    cudnn = torch.backends.cudnn.version()
    print(f"software: PyTorch {torch.__version__}, torchvision {torchvision.__version__},"
          f" CUDA {torch.version.cuda}, cuDNN {cudnn // 10000}.{cudnn // 100 % 100}.{cudnn % 100},"
          f" Python {sys.version.split()[0]}")


def libraries():
    """Prints the folders of NVIDIA's libraries that came with PyTorch, if they came as packages."""
    import pathlib
    import sysconfig

    site = {pathlib.Path(sysconfig.get_paths()[k]) for k in ("purelib", "platlib")}
    found = {so.parent for s in site for so in s.glob("nvidia/*/lib/lib*.so*")}
    print(":".join(sorted(map(str, found))))


class Training:
    """A step of training; the result is its loss."""

    def __init__(self, device, network, size, batch, precision):
        self.model = getattr(torchvision.models, network)(weights=None)
        self.model = self.model.to(device, memory_format=torch.channels_last).train()
        self.pictures = torch.randn(batch, 3, size, size, device=device).to(memory_format=torch.channels_last)
        self.labels = torch.randint(0, CLASSES, (batch,), device=device)
        self.optimizer = torch.optim.SGD(
            self.model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY, fused=True
        )
        self.bf16 = precision == "bf16"
        self.device = device

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16):
            loss = functional.cross_entropy(self.model(self.pictures), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def before_capture(self):
        # So that the graph makes gradients of its own instead of adding to those of the last step.
        self.optimizer.zero_grad(set_to_none=True)


class Inference:
    """Pictures to logits."""

    def __init__(self, device, network, size, batch, precision):
        # Weights of bfloat16: autocast would convert all of them again in each call, which the engine does not either.
        self.type = torch.bfloat16 if precision == "bf16" else torch.float32
        self.model = getattr(torchvision.models, network)(weights=None)
        self.model = self.model.to(device, dtype=self.type, memory_format=torch.channels_last).eval()
        self.pictures = torch.randn(batch, 3, size, size, device=device).to(memory_format=torch.channels_last)

    def step(self):
        with torch.inference_mode():
            return self.model(self.pictures.to(self.type))

    def before_capture(self):
        pass


def captured(work):
    """Returns the step of some work as a graph of CUDA, made as PyTorch's documentation wants it."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            work.step()
    torch.cuda.current_stream().wait_stream(side)
    work.before_capture()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = work.step()

    def step():
        graph.replay()
        return result

    return step


def block(step, length):
    before = time.perf_counter()
    for _ in range(length):
        result = step()
    queued = time.perf_counter()
    result.cpu()
    return queued - before, time.perf_counter() - before


def warm_up(step, least, seconds):
    started = time.perf_counter()
    steps = 0
    while steps < least or time.perf_counter() - started < seconds:
        block(step, 1)
        steps += 1


def blocks(step, block_seconds, seconds):
    once = statistics.median(block(step, 1)[1] for _ in range(3))
    length = max(1, min(200, int(block_seconds / once)))
    found = []
    started = time.perf_counter()
    while len(found) < 5 or time.perf_counter() - started < seconds:
        found.append(block(step, length)[1] / length)
    return found


def measure(step, effort, prefix=""):
    """As Stopwatch of the engine's side: see there what is measured, and why so."""
    warm_up_seconds, least, seconds, alone_steps = EFFORTS[effort]
    warm_up(step, least, warm_up_seconds)
    found = blocks(step, 0.2, seconds)
    alone = [block(step, 1) for _ in range(alone_steps)]
    print(f"{prefix}step: {statistics.median(found) * 1e3:.5f}")
    print(f"{prefix}alone: {statistics.median(t for _, t in alone) * 1e3:.5f}")
    print(f"{prefix}host: {statistics.median(q for q, _ in alone) * 1e3:.5f}")


class Layers:
    """The convolutions and normalisations of a network one by one, as GpuLayers."""

    def __init__(self, effort, device, network, size, batch, precision):
        self.effort = effort
        self.device = device
        self.type = torch.bfloat16 if precision == "bf16" else torch.float32
        self.model = getattr(torchvision.models, network)(weights=None).to(device).eval()
        self.convolutions = {}
        self.normalised = {}
        for module in self.model.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.register_forward_hook(self.convolution_seen)
            elif isinstance(module, torch.nn.BatchNorm2d):
                module.register_forward_hook(self.normalisation_seen)
        with torch.inference_mode():
            self.model(torch.zeros(1, 3, size, size, device=device))
        self.batch = batch

    def convolution_seen(self, module, inputs, output):
        key = (inputs[0].shape[1:], output.shape[1:], module.kernel_size[0], module.stride[0], module.padding[0])
        self.convolutions.setdefault(key)

    def normalisation_seen(self, module, inputs, output):
        self.normalised.setdefault(output.shape[1:])

    def map(self, shape):
        full = torch.randn(self.batch, *shape, device=self.device)
        return full.to(self.type, memory_format=torch.channels_last)

    def time(self, name, step):
        seconds = LAYER_SECONDS[self.effort]

        def one():
            return step()[0, 0, 0, 0]  # a view, so that only one number is read back

        warm_up(one, EFFORTS[self.effort][1], seconds)
        print(f"{name}: {statistics.median(blocks(one, seconds / 5, seconds)) * 1e3:.5f}")

    def measure(self):
        for key in self.convolutions:
            self.convolution(*key)
        for shape in self.normalised:
            self.normalisation(shape)

    def convolution(self, inputs, outputs, kernel, stride, pad):
        c, h, w = inputs
        name = f"n{self.batch} h{h} w{w} c{c} k{outputs[0]} r{kernel} s{kernel} st{stride} p{pad}"
        x, dy = self.map(inputs), self.map(outputs)
        weight = torch.randn(outputs[0], c, kernel, kernel, device=self.device)
        weight = weight.to(self.type, memory_format=torch.channels_last)

        def backward(mask, index):
            return torch.ops.aten.convolution_backward(
                dy, x, weight, None, [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, mask)[index]

        with torch.no_grad():
            self.time(f"{name} forward", lambda: functional.conv2d(x, weight, None, stride, pad))
            if c > 3:
                self.time(f"{name} data", lambda: backward([True, False, False], 0))
            self.time(f"{name} weights", lambda: backward([False, True, False], 1))

    def normalisation(self, shape):
        c, h, w = shape
        name = f"norm n{self.batch} h{h} w{w} c{c}"
        x, dy = self.map(shape).requires_grad_(), self.map(shape)
        gamma = torch.randn(c, device=self.device, requires_grad=True)
        beta = torch.randn(c, device=self.device, requires_grad=True)

        def forward():
            return functional.relu_(functional.batch_norm(x, None, None, gamma, beta, True))

        with torch.no_grad():
            self.time(f"{name} forward", forward)
        y = forward()
        self.time(
            f"{name} backward", lambda: torch.autograd.grad(y, [x, gamma, beta], dy, retain_graph=True)[0])


def run(effort, case, device):
    kind, network, size, batch, precision, *more = case.split()
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision != "f32"
    torch.manual_seed(1)
    if kind == "layers":
        layers = Layers(effort, device, network, int(size), int(batch[1:]), precision)
        print(f"parameters: {sum(p.numel() for p in layers.model.parameters())}")
        layers.measure()
        return
    make = Training if kind == "train" else Inference
    work = make(device, network, int(size), int(batch[1:]), precision)
    print(f"parameters: {sum(p.numel() for p in work.model.parameters())}")
    measure(work.step, effort)
    if (kind == "infer" or more == ["graph"]) and device.type == "cuda":
        try:
            replay = captured(work)
        except RuntimeError as e:
            # What was measured eagerly counts all the same.
            print(f"compare-gpu: PyTorch cannot capture {case}: {e}", file=sys.stderr)
            return
        measure(replay, effort, "graph ")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments == ["--libraries"]:
        libraries()
        sys.exit()
    # A processor is for trying this script.
    chosen = torch.device(arguments[2] if len(arguments) > 2 else "cuda:0")
    if chosen.type == "cuda" and not torch.cuda.is_available():
        sys.exit("compare-gpu: PyTorch finds no GPU of NVIDIA, or was built without CUDA")
    if arguments == ["--about"]:
        about(chosen)
    else:
        run(arguments[0], arguments[1], chosen)
