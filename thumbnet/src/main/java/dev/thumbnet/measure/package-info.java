/**
 * What is known about a model only by trying it: an {@link dev.thumbnet.measure.Evaluator} tells
 * how often it is right, {@link dev.thumbnet.measure.PairedDifference} whether one is right more
 * often than another, {@link dev.thumbnet.measure.Timings} how long it takes and {@link
 * dev.thumbnet.measure.Machine} on what, and {@link dev.thumbnet.measure.Baselines} what the
 * pictures give away without a network. Measuring knows the finished product; the product does not
 * know how it is measured.
 */
@NullMarked
package dev.thumbnet.measure;

import org.jspecify.annotations.NullMarked;
