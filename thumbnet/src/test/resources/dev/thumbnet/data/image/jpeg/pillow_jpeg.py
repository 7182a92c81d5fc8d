"""Makes pillow_jpeg.txt, or hashes of pictures: what Pillow, with libjpeg-turbo, decodes.

Packages of Debian 12: python3-pil (9.4), python3-numpy, libjpeg-turbo-progs (2.1.5).

  python3 pillow_jpeg.py > pillow_jpeg.txt
      a line for each of many small JPEGs: name, CRC-32 of its RGB bytes, the same for draft to a
      half, a quarter and an eighth, and the file in base 64
  python3 pillow_jpeg.py ../../shared/data > pillow_folders.txt
      a line for each folder in it that has JPEGs: its path, and for each of these, by name, the low
      16 bits of the CRC-32 of the four CRC-32 above as text; - for those that Pillow refuses
"""
import base64
import io
import os
import subprocess
import sys
import warnings
import zlib

import numpy
from PIL import Image, ImageFile

warnings.simplefilter("ignore")


def crc(file, scale):
    picture = Image.open(io.BytesIO(file))
    if picture.format not in ("JPEG", "MPO"):
        raise OSError("no JPEG")
    w, h = picture.size
    if scale > 1:
        # Pillow takes the largest scale that keeps this size; a side of zero means no reduction.
        picture.decoderconfig = (scale, 0)
        picture.tile = [(d, (0, 0, -(-w // scale), -(-h // scale)), o, a) for d, _, o, a in picture.tile]
        picture._size = (-(-w // scale), -(-h // scale))
        if w >= 8 and h >= 8:
            other = Image.open(io.BytesIO(file))
            other.draft(None, (w // scale, h // scale))
            assert other.tile == picture.tile and other.decoderconfig == picture.decoderconfig
    return zlib.crc32(picture.convert("RGB").tobytes())


def hashes(file):
    return " ".join("%08x" % crc(file, scale) for scale in (1, 2, 4, 8))


def content(w, h, seed):
    """Soft colours, edges and noise."""
    random = numpy.random.RandomState(seed)
    y, x = numpy.mgrid[0:h, 0:w]
    out = numpy.empty((h, w, 3))
    for c in range(3):
        a, b, p = random.uniform(2, 9, 3)
        out[:, :, c] = 128 + 100 * numpy.sin(x / a + p) * numpy.cos(y / b)
    out[(x // 5 + y // 7) % 3 == 0] = random.randint(0, 256, 3)
    noisy = (x > w // 2) & (y > h // 2)
    out[noisy] = random.randint(0, 256, (int(noisy.sum()), 3))
    return out.clip(0, 255).astype(numpy.uint8)


def cjpeg(pixels, *options):
    h, w = pixels.shape[:2]
    ppm = b"P6 %d %d 255\n" % (w, h) + pixels.tobytes()
    return subprocess.run(["cjpeg", *options], input=ppm, stdout=subprocess.PIPE, check=True).stdout


def scans(text):
    name = "/tmp/pillow_jpeg.scans"
    with open(name, "w") as out:
        out.write(text)
    return ("-scans", name)


def pillow(picture, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def ycck(file):
    at = file.index(b"Adobe") + 11
    return file[:at] + b"\2" + file[at + 1 :]


def files():
    sizes = [(1, 1), (2, 3), (5, 2), (17, 9), (33, 31), (48, 40), (50, 37)]
    samplings = ["1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4", "2x2,2x1", "2x2,1x2",
                 "2x2,1x1,2x2", "1x1,2x2,1x2", "4x1,2x1", "2x2,2x1,1x2", "3x1", "3x2,1x2"]
    qualities = ["12", "50", "75", "90", "100"]
    n = 0
    for i, sampling in enumerate(samplings):
        factors = sampling.split(",")
        factors += [factors[-1] if len(factors) > 1 else "1x1"] * (3 - len(factors))
        for j in range(5 if i < 4 else 2):
            w, h = sizes[(i + 3 * j + (4 if i < 4 and j == 0 else 0)) % len(sizes)]
            if j == 1:
                w, h = 50, 37
            options = ["-quality", qualities[(i + 2 * j) % len(qualities)], "-sample", ",".join(factors)]
            options += [[], ["-progressive"], ["-restart", "1B"], ["-optimize", "-restart", "1"],
                        ["-progressive", "-restart", "2B"]][(j + i // 4) % 5 if j else 0]
            n += 1
            yield "-".join(["color", "%dx%d" % (w, h)] + options).replace(" ", ""), cjpeg(content(w, h, n), *options)
    odd = content(41, 23, 99)
    yield "gray", cjpeg(odd, "-grayscale")
    yield "gray-progressive-restart", cjpeg(odd, "-grayscale", "-progressive", "-restart", "3B")
    yield "gray-2x2", cjpeg(odd, "-grayscale", "-sample", "2x2")
    yield "gray-2x1-restart", cjpeg(odd, "-grayscale", "-sample", "2x1", "-restart", "1B")
    yield "rgb", cjpeg(odd, "-rgb")
    yield "rgb-subsampled", cjpeg(odd, "-rgb", "-sample", "2x2,1x1,1x1")
    apart = cjpeg(odd, "-rgb", *scans("0;\n1;\n2;\n"))
    second = apart.index(b"\xff\xda", apart.index(b"\xff\xda") + 2)
    yield "rgb-other-hint-behind-a-scan", apart[:second] + b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\1" + apart[second:]
    yield "one-colour", cjpeg(numpy.full((40, 40, 3), (200, 30, 90), numpy.uint8))
    yield "extended", cjpeg(odd, "-quality", "1")
    yield "black-white-noise", cjpeg(numpy.random.RandomState(5).randint(0, 2, (24, 40, 3)).astype(numpy.uint8) * 255, "-quality", "5")
    each = cjpeg(odd, "-sample", "2x2", *scans("0;\n1;\n2;\n"))
    yield "scan-for-each", each
    yield "no-scan-of-red", each[: each.rindex(b"\xff\xda")] + b"\xff\xd9"
    yield "no-scan-but-gray", each[: each.index(b"\xff\xda", each.index(b"\xff\xda") + 2)] + b"\xff\xd9"
    yield "scan-for-each-restart", cjpeg(odd, "-sample", "2x1", "-restart", "2B", *scans("1;\n2;\n0;\n"))
    yield "two-scans", cjpeg(odd, "-sample", "1x2", *scans("0;\n1 2;\n"))
    yield "spectral", cjpeg(odd, *scans("0 1 2: 0-0, 0, 0;\n0: 1-63, 0, 0;\n1: 1-5, 0, 0;\n2: 1-63, 0, 0;\n1: 6-63, 0, 0;\n"))
    yield "successive", cjpeg(odd, *scans("0: 0-0, 0, 2;\n1 2: 0-0, 0, 1;\n0: 1-63, 0, 3;\n1: 1-63, 0, 1;\n2: 1-63, 0, 0;\n0: 0-0, 2, 1;\n0: 0-0, 1, 0;\n1: 0-0, 1, 0;\n2: 0-0, 1, 0;\n0: 1-63, 3, 2;\n0: 1-63, 2, 1;\n0: 1-63, 1, 0;\n1: 1-63, 1, 0;\n"))
    for i, (w, h, sampling) in enumerate([(41, 23, "2x2"), (50, 37, "2x2"), (97, 90, "2x2"), (60, 70, "1x2"), (9, 40, "1x1"), (70, 5, "2x1")]):
        soft = content(w, h, 50 + i)
        size = "-%dx%d-%s" % (w, h, sampling)
        yield "dc-alone" + size, cjpeg(soft, "-sample", sampling, *scans("0 1 2: 0-0, 0, 0;\n"))
        yield "dc-coarse" + size, cjpeg(soft, "-sample", sampling, *scans("0 1 2: 0-0, 0, 2;\n0: 1-2, 0, 2;\n"))
        yield "ac-coarse" + size, cjpeg(soft, "-sample", sampling, *scans("0: 0-0, 0, 0;\n1 2: 0-0, 0, 1;\n0: 1-63, 0, 2;\n1: 1-63, 0, 1;\n"))
    inks = Image.fromarray(numpy.dstack([odd, content(41, 23, 7)[:, :, :1]]), "CMYK")
    for name, options in [("", {}), ("-subsampled", {"subsampling": 2}), ("-progressive", {"progressive": True, "quality": 95})]:
        file = pillow(inks, **options)
        yield "cmyk" + name, file
        yield "ycck" + name, ycck(file)


if len(sys.argv) == 1:
    for name, file in files():
        print(name, hashes(file), base64.b64encode(file).decode())
for root in sys.argv[1:]:
    for path, _, names in sorted(os.walk(root)):
        found = []
        for name in sorted(names):
            with open(os.path.join(path, name), "rb") as source:
                file = source.read()
            if file[:3] == b"\xff\xd8\xff":
                try:
                    found.append("%04x" % (zlib.crc32(hashes(file).encode()) & 0xFFFF))
                except (OSError, SyntaxError, Image.DecompressionBombError):
                    found.append("-")
        if found:
            print(os.path.relpath(path, root), *found)
