"""Writes pillow_webp.txt: lossless WebP files of the pictures that TestPictures makes.

Usage: python3 pillow_webp.py > pillow_webp.txt, with Pillow 9.4.
"""

import base64
import io

from PIL import Image


def picture(kind, w, h):
    data = bytearray()
    state = 12345
    for y in range(h):
        for x in range(w):
            for c in range(3):
                state = (state * 1103515245 + 12345) & 0x7FFFFFFF
                if kind == "noise":
                    value = state >> 16
                elif kind == "gradient":
                    value = 7 * x + 3 * y + 85 * c
                else:
                    value = 255 if (x // 3 + y // 5 + c) % 2 == 1 else 0
                data.append(value & 255)
    return Image.frombytes("RGB", (w, h), bytes(data))


def mixed(w, h):
    out = picture("gradient", w, h)
    out.paste(picture("noise", w // 2, h // 2), (0, 0))
    out.paste(picture("edges", w // 2, h // 2), (w // 2, h // 2))
    return out


def write(kind, image, method, quality):
    out = io.BytesIO()
    image.save(out, "webp", lossless=True, method=method, quality=quality, exact=True)
    encoded = base64.b64encode(out.getvalue()).decode()
    print(kind, image.width, image.height, encoded)


for kind, w, h in [
    ("noise", 1, 1),
    ("noise", 13, 9),
    ("gradient", 61, 40),
    ("gradient", 3, 200),
    ("edges", 1, 30),
    ("edges", 50, 41),
]:
    for method, quality in [(0, 0), (4, 75), (6, 100)]:
        write(kind, picture(kind, w, h), method, quality)
for method, quality in [(0, 0), (3, 50), (6, 100)]:
    write("mixed", mixed(64, 48), method, quality)
