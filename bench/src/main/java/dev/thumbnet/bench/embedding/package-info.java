/**
 * What an application that embeds a classifier gets, measured from outside: the time from the start
 * of the JVM to the first answer, pictures per second from JPEG to label beside ONNX Runtime,
 * memory, weights of fewer bits, agreement of plans and modules, and an endurance run. Started by
 * {@code bench/bin/embedding}, each part in JVMs of its own. What needs ONNX Runtime is in {@code
 * src/peers} and built in the profile {@code peers} only.
 */
package dev.thumbnet.bench.embedding;
