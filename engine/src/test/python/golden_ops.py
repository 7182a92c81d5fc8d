"""Writes what PyTorch computes for single operations, optimisers and schedules.

Run from anywhere: python3 golden_ops.py. It writes into ../resources/golden beside this folder.

Inputs are float32 numbers; everything is computed from them in float64 and stored as float64, so
the files are exact for a float32 engine and good to 1e-12 for a double one. Layouts are PyTorch's:
images NCHW, convolution weights OIHW, linear weights (out, in).

Tensors of a case are called "<op>.<case>.<tensor>": x, weight, ... are inputs, y the output, dy the
gradient that comes from above, dx, dweight, ... the gradients. A loss has no dy: it is 1. The
metadata has one entry per case, "<op>.<case>", whose value lists the parameters as JSON.
"""
import json
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F

from safetensors_writer import write

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "resources" / "golden"


class Golden:
    """Cases of one file."""

    def __init__(self):
        self.tensors = {}
        self.metadata = {"torch": torch.__version__}
        self.counts = {}
        self.random = np.random.RandomState(20200)

    def normal(self, *shape, mean=0.0, std=1.0):
        values = self.random.standard_normal(shape) * std + mean
        return values.astype(np.float32)

    def case(self, op, parameters):
        """Opens a case; returns its name."""
        number = self.counts.get(op, 0)
        self.counts[op] = number + 1
        name = f"{op}.case{number}"
        self.metadata[name] = json.dumps(parameters)
        return name

    def put(self, case, tensor, values):
        if isinstance(values, torch.Tensor):
            values = values.detach().numpy()
        self.tensors[f"{case}.{tensor}"] = np.asarray(values)

    def add(self, op, parameters, function, inputs, constants=None):
        """Runs function(*inputs, *constants) forward and backward and records all of it.

        inputs want gradients, constants do not; both are float32 arrays by name.
        """
        case = self.case(op, parameters)
        leaves = {k: torch.tensor(v, dtype=torch.float64, requires_grad=True) for k, v in inputs.items()}
        fixed = {k: torch.tensor(v) for k, v in (constants or {}).items()}
        fixed = {k: v.double() if v.is_floating_point() else v for k, v in fixed.items()}
        y = function(*leaves.values(), *fixed.values())
        for name, values in {**inputs, **(constants or {})}.items():
            self.put(case, name, values)
        self.put(case, "y", y)
        if y.dim() == 0:
            y.backward()
        else:
            dy = self.normal(*y.shape)
            self.put(case, "dy", dy)
            y.backward(torch.tensor(dy, dtype=torch.float64))
        for name, leaf in leaves.items():
            self.put(case, "d" + name, leaf.grad)
        return case

    def write(self, name):
        write(FOLDER / name, self.tensors, self.metadata)


def pair(value):
    return list(value) if isinstance(value, tuple) else [value, value]


def convolutions(golden):
    def add(n, c, h, w, k, kernel, stride=1, padding=0, dilation=1, groups=1, bias=False):
        kernel, stride, padding, dilation = map(pair, (kernel, stride, padding, dilation))
        inputs = {
            "x": golden.normal(n, c, h, w),
            "weight": golden.normal(k, c // groups, *kernel, std=0.3),
        }
        if bias:
            inputs["bias"] = golden.normal(k)
        parameters = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        golden.add(
            "conv2d",
            parameters,
            lambda x, weight, bias=None: F.conv2d(x, weight, bias, **parameters),
            inputs,
        )

    add(2, 3, 7, 6, 4, 3, padding=1, bias=True)
    add(2, 4, 8, 8, 5, 3, stride=2, padding=1)
    add(2, 5, 4, 3, 6, 1, bias=True)
    add(2, 5, 5, 5, 6, 1, stride=2)
    add(1, 3, 13, 14, 4, 7, stride=2, padding=3)
    add(1, 3, 9, 8, 4, 3, padding=2, dilation=2)
    add(2, 4, 5, 5, 6, 3, padding=1, groups=2, bias=True)
    add(1, 6, 7, 7, 6, 3, stride=2, padding=1, groups=6)
    add(1, 2, 9, 7, 3, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), bias=True)
    add(1, 3, 12, 12, 16, 5, stride=2, padding=2)
    add(3, 4, 3, 4, 5, (3, 4), bias=True)
    add(1, 2, 6, 6, 3, 2, stride=2)
    add(1, 2, 3, 3, 3, 3, padding=2)
    add(1, 16, 8, 8, 17, 3, padding=1)
    add(1, 1, 1, 1, 1, 3, padding=1, bias=True)
    add(1, 3, 7, 7, 2, 3, stride=3, padding=1)


def linears(golden):
    for n, inputs, outputs, bias in ((4, 7, 5, True), (1, 3, 2, False), (3, 16, 33, True)):
        tensors = {"x": golden.normal(n, inputs), "weight": golden.normal(outputs, inputs)}
        if bias:
            tensors["bias"] = golden.normal(outputs)
        golden.add("linear", {}, F.linear, tensors)


def batch_norms(golden):
    def tensors(n, c, h, w, mean, std):
        return {
            "x": golden.normal(n, c, h, w, mean=mean, std=std),
            "weight": golden.normal(c),
            "bias": golden.normal(c),
        }

    def statistics(c):
        return {
            "running_mean": golden.normal(c),
            "running_var": np.abs(golden.normal(c)) + np.float32(0.1),
        }

    # The fourth has means far from zero; the fifth two values per channel; the last no variance.
    for n, c, h, w, momentum, mean, std in (
        (4, 3, 5, 4, 0.1, 0, 1),
        (2, 17, 3, 3, 0.3, 1, 2),
        (1, 2, 3, 3, 0.1, 0, 1),
        (3, 2, 4, 4, 0.1, 50, 0.1),
        (2, 3, 1, 1, 0.1, 0, 1),
        (2, 2, 2, 2, 0.1, 3, 0),
    ):
        before = statistics(c)
        after = {k: torch.tensor(v, dtype=torch.float64) for k, v in before.items()}
        case = golden.add(
            "batch_norm_train",
            {"eps": 1e-5, "momentum": momentum},
            lambda x, weight, bias: F.batch_norm(
                x, after["running_mean"], after["running_var"], weight, bias, True, momentum, 1e-5
            ),
            tensors(n, c, h, w, mean, std),
        )
        for name in before:
            golden.put(case, name, before[name])
            golden.put(case, "new_" + name, after[name])
    for n, c, h, w in ((2, 3, 4, 3), (1, 18, 2, 2)):
        golden.add(
            "batch_norm_eval",
            {"eps": 1e-5},
            lambda x, weight, bias, running_mean, running_var: F.batch_norm(
                x, running_mean, running_var, weight, bias, False, 0.1, 1e-5
            ),
            tensors(n, c, h, w, 0, 1),
            statistics(c),
        )


def activations(golden):
    x = golden.normal(2, 3, 4, 4, std=2)
    x[0, 0, 0, :4] = (0.0, -0.0, 100.0, -100.0)
    golden.add("relu", {}, F.relu, {"x": x})
    golden.add("sigmoid", {}, torch.sigmoid, {"x": x})
    golden.add("tanh", {}, torch.tanh, {"x": x})
    for slope in (0.01, 0.2):
        golden.add(
            "leaky_relu", {"slope": slope}, lambda x: F.leaky_relu(x, slope), {"x": x}
        )


def pools(golden):
    shapes = (
        (2, 3, 6, 6, (2, 2), (2, 2), (0, 0)),
        (2, 3, 7, 8, (3, 3), (2, 2), (1, 1)),
        (1, 2, 5, 5, (3, 3), (1, 1), (1, 1)),
        (1, 2, 5, 7, (2, 2), (2, 2), (0, 0)),
        (1, 2, 7, 5, (3, 2), (2, 1), (1, 0)),
    )
    for n, c, h, w, kernel, stride, padding in shapes:
        parameters = {"kernel": kernel, "stride": stride, "padding": padding}
        distinct = golden.normal(n, c, h, w)
        # Small integers: many windows have several maxima, some are all negative.
        ties = golden.random.randint(-3, 1, (n, c, h, w)).astype(np.float32)
        for x in (distinct, ties):
            golden.add(
                "max_pool", parameters, lambda x: F.max_pool2d(x, kernel, stride, padding), {"x": x}
            )
        for count in (True, False):
            golden.add(
                "avg_pool",
                {**parameters, "count_include_pad": count},
                lambda x: F.avg_pool2d(x, kernel, stride, padding, count_include_pad=count),
                {"x": distinct},
            )
    for h, w, out in ((3, 3, (7, 7)), (5, 4, (1, 1)), (14, 14, (7, 7)), (7, 7, (7, 7)),
                      (7, 5, (3, 2)), (1, 1, (7, 7)), (10, 4, (7, 7))):
        golden.add(
            "adaptive_avg_pool",
            {"size": out},
            lambda x: F.adaptive_avg_pool2d(x, out),
            {"x": golden.normal(2, 2, h, w)},
        )
    golden.add(
        "global_avg_pool", {}, lambda x: x.mean((2, 3)), {"x": golden.normal(3, 5, 4, 3)}
    )


def resizes(golden):
    def add(mode, antialias, h, w, out, x=None):
        options = {} if mode == "nearest" else {"align_corners": False, "antialias": antialias}
        golden.add(
            mode + ("_antialias" if antialias else ""),
            {"size": out},
            lambda x: F.interpolate(x, out, mode=mode, **options),
            {"x": golden.normal(1, 2, h, w) if x is None else x},
        )

    for h, w, out in ((3, 4, (6, 8)), (4, 4, (7, 5)), (4, 4, (2, 2)), (5, 7, (3, 3)), (1, 1, (3, 2))):
        add("nearest", False, h, w, out)
        add("bilinear", False, h, w, out)
    ramp = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    for mode in ("bilinear", "bicubic"):
        add(mode, True, 4, 4, (2, 2), ramp)
        for h, w, out in ((12, 12, (6, 6)), (16, 16, (4, 4)), (13, 11, (6, 5)), (5, 4, (9, 7)),
                          (6, 6, (6, 3)), (7, 3, (1, 3))):
            add(mode, True, h, w, out)


def losses(golden):
    for logits in (
        golden.normal(5, 7),
        golden.normal(3, 10, std=30),
        np.array([[1000, -1000, 0], [-1e4, -1e4, -1e4], [88, 89, 90]], np.float32),
        golden.normal(2, 1),
    ):
        golden.add("softmax", {}, lambda x: F.softmax(x, 1), {"x": logits})
        golden.add("log_softmax", {}, lambda x: F.log_softmax(x, 1), {"x": logits})
    for smoothing in (0.0, 0.1, 0.2):
        for n, classes, std in ((6, 10, 1), (2, 3, 40), (1, 36, 5)):
            labels = golden.random.randint(0, classes, n).astype(np.int64)
            golden.add(
                "cross_entropy",
                {"label_smoothing": smoothing},
                lambda x, labels: F.cross_entropy(x, labels, label_smoothing=smoothing),
                {"x": golden.normal(n, classes, std=std)},
                {"labels": labels},
            )
    for n, classes in ((4, 6), (1, 10)):
        golden.add(
            "kl_div",
            {"reduction": "batchmean"},
            lambda x, target: F.kl_div(
                F.log_softmax(x, 1), F.softmax(target, 1), reduction="batchmean"
            ),
            {"x": golden.normal(n, classes, std=2)},
            {"target": golden.normal(n, classes, std=2)},
        )
    x, target = golden.normal(3, 4, 2), golden.normal(3, 4, 2)
    target[0, 0] = x[0, 0]
    for op, function in (("mse_loss", F.mse_loss), ("l1_loss", F.l1_loss)):
        golden.add(op, {}, function, {"x": x}, {"target": target})


def functions(golden):
    x = golden.normal(2, 3, 4, 4, std=2)
    x[0, 0, 0, :4] = (0.0, 12.0, 100.0, -100.0)
    for op, function in (
        ("erf", torch.erf),
        ("gelu", F.gelu),
        ("gelu_tanh", lambda x: F.gelu(x, approximate="tanh")),
        ("softplus", F.softplus),
        ("softsign", F.softsign),
        ("mish", F.mish),
        ("selu", F.selu),
        ("reciprocal", lambda x: torch.reciprocal(x + 200)),
    ):
        golden.add(op, {}, function, {"x": x})
    for alpha in (0.3, 1.0, 2.0):
        golden.add("elu", {"alpha": alpha}, lambda x: F.elu(x, alpha), {"x": x})
        golden.add("celu", {"alpha": alpha}, lambda x: F.celu(x, alpha), {"x": x})
    golden.add("clip", {"min": -1.5, "max": 0.75}, lambda x: torch.clamp(x, -1.5, 0.75), {"x": x})
    for exponent in (2.0, 3.0, 0.5, -0.5, -1.0, 1.7):
        positive = np.abs(golden.normal(2, 3, 4, 4)) + np.float32(0.2)
        golden.add("pow", {"exponent": exponent}, lambda x: torch.pow(x, exponent), {"x": positive})
    golden.add(
        "prelu", {}, F.prelu, {"x": golden.normal(2, 3, 4, 4), "slope": golden.normal(3, std=0.3)}
    )


def axes(golden):
    """Whatever works on any axes, without channels in a place of their own."""
    x = golden.normal(2, 3, 4, 5)
    for order in ((0, 2, 3, 1), (3, 2, 1, 0), (1, 0, 3, 2)):
        golden.add("transpose", {"axes": order}, lambda x: x.permute(*order), {"x": x})
    for before, after in (((0, 0, 1, 2), (0, 0, 2, 1)), ((1, 0, 2, 0), (0, 1, -1, 3))):
        widths = [w for pair in zip(reversed(before), reversed(after)) for w in pair]
        parameters = {"before": before, "after": after}
        golden.add("pad", {**parameters, "value": 0.5}, lambda x: F.pad(x, widths, value=0.5), {"x": x})
    for mode in ("reflect", "replicate"):
        parameters = {"before": (0, 0, 1, 2), "after": (0, 0, 3, 4)}
        golden.add("pad_" + mode, parameters, lambda x: F.pad(x, (2, 4, 1, 3), mode), {"x": x})
    for axis, indices in ((1, (2, 0, 2)), (3, (4, 3, 0, 0))):
        parameters = {"axis": axis, "indices": indices}
        golden.add("gather", parameters, lambda x: x.index_select(axis, torch.tensor(indices)), {"x": x})
    golden.add("tile", {"repeats": (2, 1, 3, 1)}, lambda x: x.repeat(2, 1, 3, 1), {"x": x})
    for axis in (0, 1, 2, 3):
        golden.add("softmax_axis", {"axis": axis}, lambda x: F.softmax(x, axis), {"x": x})
        golden.add("log_softmax_axis", {"axis": axis}, lambda x: F.log_softmax(x, axis), {"x": x})
    for over in ((0,), (1, 2), (0, 3), (0, 1, 2, 3)):
        golden.add("amax", {"axes": over}, lambda x: x.amax(over), {"x": x})
        golden.add("amin", {"axes": over}, lambda x: x.amin(over), {"x": x})
        golden.add("norm", {"axes": over}, lambda x: torch.linalg.vector_norm(x, dim=over), {"x": x})
    ties = golden.random.randint(-2, 3, (2, 3, 4, 5)).astype(np.float32)
    for other in ((2, 3, 4, 5), (4, 1), (3, 1, 5)):
        b = golden.random.randint(-2, 3, other).astype(np.float32)
        golden.add("maximum", {}, torch.maximum, {"a": ties, "b": b})
        golden.add("minimum", {}, torch.minimum, {"a": ties, "b": b})
    for a, b in (((4, 5), (5, 3)), ((2, 3, 4, 5), (2, 3, 5, 2)), ((3, 1, 2, 4), (5, 4, 2))):
        golden.add("matmul", {}, torch.matmul, {"a": golden.normal(*a), "b": golden.normal(*b)})


def norms(golden):
    def weights(*shape):
        return {"weight": golden.normal(*shape), "bias": golden.normal(*shape)}

    x = golden.normal(2, 6, 3, 4, mean=1, std=2)
    golden.add(
        "layer_norm",
        {},
        lambda x, weight, bias: F.layer_norm(x, (4,), weight, bias),
        {"x": x, **weights(4)},
    )
    for groups in (1, 2, 3):
        golden.add(
            "group_norm",
            {"groups": groups},
            lambda x, weight, bias: F.group_norm(x, groups, weight, bias),
            {"x": x, **weights(6)},
        )
    golden.add(
        "instance_norm",
        {},
        lambda x, weight, bias: F.instance_norm(x, weight=weight, bias=bias),
        {"x": x, **weights(6)},
    )
    for size in (1, 3, 5):
        golden.add(
            "local_response_norm",
            {"size": size},
            lambda x: F.local_response_norm(x, size, alpha=0.2, beta=0.75, k=1.5),
            {"x": x},
        )
    golden.add("pixel_unshuffle", {}, lambda x: F.pixel_unshuffle(x, 2), {"x": golden.normal(2, 1, 4, 6)})


def optimizers(golden):
    """w[t] is the weight after t steps, g[t] the gradient of step t, lr[t] its learning rate."""
    steps, size = 8, 6

    def add(op, parameters, make, rates):
        case = golden.case(op, parameters)
        start = golden.normal(size)
        gradients = golden.normal(steps, size)
        weight = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        optimizer = make([weight], lr=rates[0], **parameters)
        trajectory = []
        for gradient, rate in zip(gradients, rates):
            optimizer.param_groups[0]["lr"] = rate
            weight.grad = torch.tensor(gradient, dtype=torch.float64)
            optimizer.step()
            trajectory.append(weight.detach().numpy().copy())
        golden.put(case, "w0", start)
        golden.put(case, "g", gradients)
        golden.put(case, "lr", np.array(rates))
        golden.put(case, "w", np.array(trajectory))

    constant = [0.1] * steps
    changing = [0.1, 0.1, 0.1, 0.01, 0.01, 0.2, 0.2, 0.0]
    for rates in (constant, changing):
        for momentum, decay, nesterov in (
            (0.0, 0.0, False), (0.0, 0.05, False), (0.9, 0.0, False),
            (0.9, 0.05, False), (0.9, 0.0, True), (0.8, 0.05, True),
        ):
            add(
                "sgd",
                {"momentum": momentum, "weight_decay": decay, "nesterov": nesterov},
                torch.optim.SGD,
                rates,
            )
        for betas, eps, decay in (
            ((0.9, 0.999), 1e-8, 0.0), ((0.9, 0.999), 1e-8, 0.1), ((0.8, 0.9), 1e-3, 0.01),
        ):
            parameters = {"betas": betas, "eps": eps, "weight_decay": decay}
            add("adamw", parameters, torch.optim.AdamW, rates)
            add("adam", parameters, torch.optim.Adam, rates)


def schedules(golden):
    """lr[t] is the learning rate of step t."""

    def add(op, parameters, base, steps, make):
        case = golden.case(op, {"base_lr": base, **parameters})
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base, momentum=0.9)
        schedule = make(optimizer, **parameters)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        golden.put(case, "lr", np.array(rates))

    rate = torch.optim.lr_scheduler
    add("step_lr", {"step_size": 3, "gamma": 0.1}, 0.5, 10, rate.StepLR)
    add("step_lr", {"step_size": 1, "gamma": 0.9}, 0.1, 5, rate.StepLR)
    add("multi_step_lr", {"milestones": [2, 5], "gamma": 0.1}, 0.1, 8, rate.MultiStepLR)
    add("cosine_annealing_lr", {"T_max": 10, "eta_min": 0.0}, 0.1, 11, rate.CosineAnnealingLR)
    add("cosine_annealing_lr", {"T_max": 7, "eta_min": 0.01}, 0.2, 8, rate.CosineAnnealingLR)
    for total, start in ((10, 0.3), (50, 0.25), (7, 0.5)):
        parameters = {"max_lr": 0.1, "total_steps": total, "pct_start": start}
        add("one_cycle_lr", parameters, 0.004, total, rate.OneCycleLR)


def data_types():
    """One tensor of each type, for the reader."""
    write(
        FOLDER / "dtypes.safetensors",
        {
            "f64": np.array([[np.pi, -1e300], [0.1, np.inf]]),
            "f32": np.array([0.1, -np.inf, 1e-45], np.float32),
            "f16": np.array([0.1, 65504, 6e-8], np.float16),
            "i64": np.array(2**62 + 1, np.int64),
            "i32": np.array([[-(2**31), 7]], np.int32),
            "i16": np.array([-300, 300], np.int16),
            "i8": np.array([-128, 127], np.int8),
            "u8": np.array([0, 255], np.uint8),
            "bool": np.array([True, False]),
            "empty": np.zeros((0, 3), np.float32),
            "ünï \"quoted\" 😀": np.array([1], np.uint8),
        },
        {"format": "pt", "note": "line\nbreak \\ ü"},
        [("bf16", "BF16", (2,), torch.tensor([0.1, -3e38]).bfloat16().view(torch.int16).numpy().tobytes())],
    )


def sides(x, padding, value=0.0):
    """Adds what padding (top, left, bottom, right) says."""
    top, left, bottom, right = padding
    return F.pad(x, (left, right, top, bottom), value=value)


def dilated_and_uneven_convolutions(golden):
    def add(op, function, x, weight, bias, parameters):
        inputs = {"x": golden.normal(*x), "weight": golden.normal(*weight, std=0.3)}
        if bias:
            inputs["bias"] = golden.normal(bias)
        golden.add(op, parameters, function, inputs)

    def uneven(n, c, h, w, k, kernel, padding, stride=1, dilation=1, groups=1, bias=False):
        kernel, stride, dilation = map(pair, (kernel, stride, dilation))
        options = {"stride": stride, "dilation": dilation, "groups": groups}
        add(
            "conv2d",
            lambda x, weight, bias=None: F.conv2d(sides(x, padding), weight, bias, **options),
            (n, c, h, w),
            (k, c // groups, *kernel),
            k if bias else 0,
            {**options, "padding": padding},
        )

    uneven(2, 3, 8, 8, 16, 3, (0, 0, 1, 1), stride=2, bias=True)
    uneven(1, 17, 6, 7, 18, 3, (2, 0, 1, 3))
    uneven(2, 6, 7, 9, 6, (3, 2), (0, 1, 2, 0), stride=(1, 2), groups=6, bias=True)
    uneven(1, 4, 9, 8, 6, 3, (4, 2, 3, 5), dilation=(4, 3), groups=2)
    uneven(1, 16, 12, 11, 16, 3, (2, 2, 2, 2), dilation=2, bias=True)
    uneven(1, 16, 9, 9, 17, 3, (4, 4, 4, 4), dilation=4)
    uneven(2, 5, 1, 20, 7, (1, 3), (0, 2, 0, 0), bias=True)

    def transposed(
        n, c, h, w, k, kernel, stride=1, padding=0, more=0, dilation=1, groups=1, bias=False
    ):
        kernel, stride, padding, more, dilation = map(
            pair, (kernel, stride, padding, more, dilation)
        )
        options = {
            "stride": stride,
            "padding": padding,
            "output_padding": more,
            "dilation": dilation,
            "groups": groups,
        }
        add(
            "conv_transpose2d",
            lambda x, weight, bias=None: F.conv_transpose2d(x, weight, bias, **options),
            (n, c, h, w),
            (c, k // groups, *kernel),
            k if bias else 0,
            options,
        )

    transposed(2, 8, 4, 5, 4, 2, stride=2, bias=True)
    transposed(1, 16, 5, 4, 20, 3, stride=2, padding=1, more=1)
    transposed(1, 4, 3, 4, 6, 4, stride=2, padding=1, groups=2, bias=True)
    transposed(2, 3, 5, 6, 4, 3, padding=1, bias=True)
    transposed(1, 6, 4, 3, 6, (3, 2), stride=(3, 1), padding=(0, 1), more=(2, 0), groups=6)
    transposed(1, 5, 4, 4, 3, 3, stride=2, padding=2, dilation=2, more=1)
    transposed(1, 2, 3, 2, 3, 2, stride=4, bias=True)
    transposed(1, 21, 2, 2, 21, 8, stride=4, padding=2, groups=21)


def dilated_and_uneven_pools(golden):
    def add(n, c, h, w, kernel, stride, padding, dilation=1, ceil=False):
        kernel, stride, padding, dilation = map(pair, (kernel, stride, padding, dilation))
        parameters = {
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "ceil_mode": ceil,
        }
        distinct = golden.normal(n, c, h, w)
        ties = golden.random.randint(-3, 1, (n, c, h, w)).astype(np.float32)
        for x in (distinct, ties):
            golden.add(
                "max_pool",
                parameters,
                lambda x: F.max_pool2d(x, kernel, stride, padding, dilation, ceil),
                {"x": x},
            )
        for count in (True, False):
            if dilation == [1, 1]:
                golden.add(
                    "avg_pool",
                    {**parameters, "count_include_pad": count},
                    lambda x: F.avg_pool2d(x, kernel, stride, padding, ceil, count),
                    {"x": distinct},
                )

    add(1, 3, 7, 8, 3, 2, 0, ceil=True)
    add(2, 3, 6, 7, 3, 2, 1, ceil=True)
    add(1, 2, 5, 8, (2, 3), (3, 2), (1, 0), ceil=True)
    add(1, 2, 4, 4, 2, 3, 1, ceil=True)
    add(1, 3, 8, 9, 3, 1, 1, dilation=2)
    add(1, 2, 9, 11, (3, 2), (2, 1), (1, 0), dilation=(2, 3), ceil=True)
    padding = (0, 0, 1, 1)
    golden.add(
        "max_pool",
        {"kernel": (3, 3), "stride": (2, 2), "padding": padding},
        lambda x: F.max_pool2d(sides(x, padding, -float("inf")), 3, 2),
        {"x": golden.normal(1, 3, 8, 8)},
    )
    golden.add(
        "avg_pool",
        {"kernel": (3, 2), "stride": (1, 2), "padding": padding, "count_include_pad": True},
        lambda x: F.avg_pool2d(sides(x, padding), (3, 2), (1, 2)),
        {"x": golden.normal(1, 3, 8, 7)},
    )


def main():
    torch.manual_seed(0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    ops = Golden()
    for group in (convolutions, linears, batch_norms, activations, pools, resizes, losses):
        group(ops)
    ops.write("ops.safetensors")
    more = Golden()
    for group in (functions, axes, norms):
        group(more)
    more.write("functions.safetensors")
    geometry = Golden()
    dilated_and_uneven_convolutions(geometry)
    dilated_and_uneven_pools(geometry)
    geometry.write("geometry.safetensors")
    optim = Golden()
    optimizers(optim)
    schedules(optim)
    optim.write("optim.safetensors")
    data_types()


if __name__ == "__main__":
    sys.exit(main())
