/**
 * The networks of ThumbNet: classifiers that serve as teacher T and student S, the downscaler E and
 * the throw-away feature mapper U. Names of layers are torchvision's where it has the network.
 */
@NullMarked
package dev.thumbnet.model;

import org.jspecify.annotations.NullMarked;
