package dev.thumbnet.engine.backend.cpu.vector;

import dev.thumbnet.engine.backend.cpu.TileKernels;

final class VectorTileKernels implements TileKernels {}
