/** Numbered cases, tried by several threads under a watch, and the tally of what they did. */
package dev.thumbnet.bench.endure.trial;
