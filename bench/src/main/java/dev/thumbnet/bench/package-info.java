/** JMH benchmarks. Speed is reported as a ratio within one run, never as a bare time. */
package dev.thumbnet.bench;
