/**
 * The executable specification of {@link dev.thumbnet.engine.backend.Backend}: every primitive as
 * plain loops over {@code double[]}, written to be read and to be compared with, never to be fast.
 * The loops stand in small classes by subject ({@code Convolution}, {@code Pooling}, …); {@link
 * dev.thumbnet.engine.backend.reference.ReferenceBackend} only checks arguments and calls them.
 */
@NullMarked
package dev.thumbnet.engine.backend.reference;

import org.jspecify.annotations.NullMarked;
