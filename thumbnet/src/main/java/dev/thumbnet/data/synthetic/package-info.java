/**
 * Pictures made by code, for trying things out without any data: {@link
 * dev.thumbnet.data.synthetic.SyntheticPictures} is the data set, the others draw its scenes and
 * textures, the same bytes on every machine.
 */
@NullMarked
package dev.thumbnet.data.synthetic;

import org.jspecify.annotations.NullMarked;
