/** What must hold under attack and at the limits, as programs that repeat it on any machine. */
package dev.thumbnet.bench.endure;
