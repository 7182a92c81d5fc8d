package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.ElementKernels;

final class ScalarElementKernels implements ElementKernels {}
