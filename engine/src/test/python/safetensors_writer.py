"""Writes safetensors files with nothing but numpy, so that the goldens need no further package.

The format is written from its specification, independently of the Java code that reads it: a u64
length, a JSON header, the values in little-endian row-major order.
"""
import json
import struct

import numpy as np

DTYPES = {
    np.dtype("float64"): "F64",
    np.dtype("float32"): "F32",
    np.dtype("float16"): "F16",
    np.dtype("int64"): "I64",
    np.dtype("int32"): "I32",
    np.dtype("int16"): "I16",
    np.dtype("int8"): "I8",
    np.dtype("uint8"): "U8",
    np.dtype("bool"): "BOOL",
}


def write(path, tensors, metadata, raw=()):
    """Writes named numpy arrays and string metadata.

    raw: further tensors as (name, dtype string, shape, bytes), for types that numpy lacks.
    """
    entries = [
        (name, DTYPES[array.dtype], array.shape, np.ascontiguousarray(array).tobytes())
        for name, array in tensors.items()
    ]
    entries.extend(raw)
    header = {"__metadata__": metadata}
    offset = 0
    for name, dtype, shape, data in entries:
        header[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [offset, offset + len(data)],
        }
        offset += len(data)
    assert len(header) == len(entries) + 1, "a name occurs twice"
    text = json.dumps(header).encode("utf-8")
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for entry in entries:
            file.write(entry[3])
