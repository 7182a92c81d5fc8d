/**
 * The finished product: a {@link dev.thumbnet.pipeline.TrainedModel} is a classifier with its
 * downscaler, if it takes thumbnails, the names of its classes, how pictures are brought before it,
 * and where its weights come from. It can be written to a file and read again, compiled for use,
 * and made of foreign weights. How it was trained and how good it is are the concern of others.
 */
@NullMarked
package dev.thumbnet.pipeline;

import org.jspecify.annotations.NullMarked;
