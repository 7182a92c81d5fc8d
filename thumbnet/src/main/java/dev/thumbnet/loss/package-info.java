/**
 * The four losses of ThumbNet and those of the methods that it is compared with, each a class whose
 * comment is its formula. They take and give tensors of the engine: pictures are (n, h, w, c),
 * logits (n, classes), results are scalars.
 */
@NullMarked
package dev.thumbnet.loss;

import org.jspecify.annotations.NullMarked;
