/** The teacher T: a classifier on full pictures, which all other methods start from. */
package dev.thumbnet.method.teacher;
