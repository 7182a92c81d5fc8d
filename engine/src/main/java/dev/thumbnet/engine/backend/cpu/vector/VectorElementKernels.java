package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.ElementKernels;

final class VectorElementKernels implements ElementKernels {}
