"""Writes pillow_golden.txt: what Pillow makes of small pictures that are defined by a formula.

Usage: python3 pillow_golden.py > pillow_golden.txt

Lines of the result, fields separated by blanks, pictures as hexadecimal RGB bytes:
  resize KIND W H FILTER LEFT TOP RIGHT BOTTOM OUT_W OUT_H PIXELS
  brightness|contrast|saturation KIND W H FACTOR PIXELS
"""

import platform

import numpy
import PIL
from PIL import Image, ImageEnhance


def picture(kind, w, h):
    out = numpy.zeros((h, w, 3), numpy.uint8)
    state = 12345
    for y in range(h):
        for x in range(w):
            for c in range(3):
                if kind == "noise":
                    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
                    out[y, x, c] = state >> 16 & 255
                elif kind == "gradient":
                    out[y, x, c] = (7 * x + 3 * y + 85 * c) % 256
                elif kind == "edges":
                    out[y, x, c] = 255 if (x // 3 + y // 5 + c) % 2 else 0
    return Image.fromarray(out)


FILTERS = {"BILINEAR": Image.Resampling.BILINEAR, "BICUBIC": Image.Resampling.BICUBIC}
SIZES = [  # W H, box or None, OUT_W OUT_H
    (16, 16, None, (8, 8)),
    (16, 16, None, (4, 4)),
    (17, 11, None, (8, 5)),
    (23, 37, None, (7, 9)),
    (5, 7, None, (11, 13)),
    (9, 9, None, (9, 4)),
    (9, 9, None, (3, 9)),
    (1, 1, None, (3, 2)),
    (40, 2, None, (5, 5)),
    (64, 48, None, (3, 2)),
    (20, 20, (3, 4, 15, 18), (6, 6)),
    (20, 20, (2.5, 1.25, 18.75, 19.5), (7, 5)),
    (20, 20, (6, 6, 10, 10), (8, 8)),
    (20, 20, (0.1, 0.1, 19.9, 19.9), (20, 20)),
]
FACTORS = [0.0, 0.3, 0.75, 1.0, 1.25, 1.9]


def main():
    print(f"# Pillow {PIL.__version__}, numpy {numpy.__version__}, "
          f"Python {platform.python_version()}, {platform.machine()}")
    for kind in ["noise", "gradient", "edges"]:
        for w, h, box, size in SIZES:
            for name, method in FILTERS.items():
                out = picture(kind, w, h).resize(size, method, box)
                edges = box or (0, 0, w, h)
                print("resize", kind, w, h, name, *edges, *size, out.tobytes().hex())
    enhancers = {
        "brightness": ImageEnhance.Brightness,
        "contrast": ImageEnhance.Contrast,
        "saturation": ImageEnhance.Color,
    }
    for name, enhancer in enhancers.items():
        for kind in ["noise", "gradient"]:
            for factor in FACTORS:
                out = enhancer(picture(kind, 7, 6)).enhance(factor)
                print(name, kind, 7, 6, factor, out.tobytes().hex())


main()
