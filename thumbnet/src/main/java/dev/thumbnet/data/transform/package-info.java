/**
 * What is done to a picture before a network sees it: each {@link
 * dev.thumbnet.data.transform.Transform} is a function of the picture and a source of chance, an
 * {@link dev.thumbnet.data.transform.Augmentation} is a named composition of them, and {@link
 * dev.thumbnet.data.transform.Normalize} ends it with floats.
 */
@NullMarked
package dev.thumbnet.data.transform;

import org.jspecify.annotations.NullMarked;
