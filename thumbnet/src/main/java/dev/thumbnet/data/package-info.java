/**
 * Pictures on their way into a network: decoding, folders of pictures, Pillow-exact resampling,
 * augmentation, batches prepared in the background, and pictures made by code.
 *
 * <p>A {@link dev.thumbnet.data.PictureSet} hands out 8-bit {@link dev.thumbnet.data.RgbImage}s by
 * index; a {@link dev.thumbnet.data.Transform} crops, flips and colours them; {@link
 * dev.thumbnet.data.Normalize} makes floats of them; a {@link dev.thumbnet.data.Loader} does all of
 * this ahead of the training and yields batches of shape (n, h, w, 3).
 *
 * <p>Everything random is a function of a seed, the epoch and the picture's index, so a run repeats
 * exactly, with any number of threads, and resumes exactly in the middle of an epoch.
 */
package dev.thumbnet.data;
