package dev.thumbnet.engine.backend.cpu;

/** The register tiles that convolution and matrix product are made of. */
public interface TileKernels {}
