/**
 * Single pictures: {@link dev.thumbnet.data.image.ImageDecoder} makes 8-bit {@link
 * dev.thumbnet.data.image.RgbImage}s of files, upright and whatever their pixel format, and {@link
 * dev.thumbnet.data.image.Resampler} makes them smaller exactly as Pillow does.
 */
@NullMarked
package dev.thumbnet.data.image;

import org.jspecify.annotations.NullMarked;
