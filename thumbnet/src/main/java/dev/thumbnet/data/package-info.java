/**
 * Pictures on their way into a network. A {@link dev.thumbnet.data.DataSet} hands out 8-bit {@link
 * dev.thumbnet.data.image.RgbImage}s by index; a {@link dev.thumbnet.data.transform.Transform}
 * crops, flips and colours them; {@link dev.thumbnet.data.transform.Normalize} makes floats of
 * them; a {@link dev.thumbnet.data.Loader} does all of this ahead of the training and yields
 * batches of shape (n, h, w, 3).
 *
 * <p>Everything random is a function of a seed, the epoch and the picture's index, so a run repeats
 * exactly, with any number of threads, and resumes exactly in the middle of an epoch.
 *
 * <p>Inside, data sets and the loader know the transforms, and these know the pictures; nothing
 * knows the pictures made by code in {@code synthetic}.
 */
@NullMarked
package dev.thumbnet.data;

import org.jspecify.annotations.NullMarked;
