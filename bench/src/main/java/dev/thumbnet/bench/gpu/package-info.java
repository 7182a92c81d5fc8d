/** The engine on a GPU beside PyTorch on the same card; {@code bench/bin/compare-gpu} starts it. */
package dev.thumbnet.bench.gpu;
