/** Damaged pictures of every format, and small ones that cost much. */
package dev.thumbnet.bench.endure.picture;
