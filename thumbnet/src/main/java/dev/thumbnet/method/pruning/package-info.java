/**
 * Pruning: networks for full pictures that lose channels inside, and the controls that tell what
 * the choice of channels is worth. {@link dev.thumbnet.method.pruning.PruningMethod} lists the
 * methods; all of them make the same thin network at an operating point and train it by the same
 * lesson, {@link dev.thumbnet.method.GuidedTraining}.
 */
@NullMarked
package dev.thumbnet.method.pruning;

import org.jspecify.annotations.NullMarked;
