package dev.thumbnet.engine.backend.cpu;

/** Loops over contiguous runs of elements. */
public interface ElementKernels {}
