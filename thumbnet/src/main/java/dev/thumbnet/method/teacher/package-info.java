/** The teacher T: a classifier on full pictures, which all other methods start from. */
@NullMarked
package dev.thumbnet.method.teacher;

import org.jspecify.annotations.NullMarked;
