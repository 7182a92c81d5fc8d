/**
 * What an application needs that recognises pictures: {@link dev.thumbnet.ThumbClassifier} with a
 * model that was trained before, and {@link dev.thumbnet.Thumbnailer} where pictures are only made
 * small. Pictures are read by {@link dev.thumbnet.data.image.ImageDecoder}.
 */
@NullMarked
package dev.thumbnet;

import org.jspecify.annotations.NullMarked;
