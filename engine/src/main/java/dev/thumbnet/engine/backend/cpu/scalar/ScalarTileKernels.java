package dev.thumbnet.engine.backend.cpu.scalar;

import dev.thumbnet.engine.backend.cpu.TileKernels;

final class ScalarTileKernels implements TileKernels {}
