/**
 * What an application that embeds a classifier gets, measured from outside: the time from the start
 * of the JVM to the first answer, pictures per second from JPEG to label beside ONNX Runtime,
 * memory, weights of fewer bits, agreement of plans and modules, and an endurance run. {@link
 * dev.thumbnet.bench.embedding.Embedding} starts each part in JVMs of its own.
 */
package dev.thumbnet.bench.embedding;
