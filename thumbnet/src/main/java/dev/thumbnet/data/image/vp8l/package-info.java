/**
 * Lossless WebP. It is decoded here because the plug-in that reads lossy ones takes memory and time
 * that no header foretells.
 */
@NullMarked
package dev.thumbnet.data.image.vp8l;

import org.jspecify.annotations.NullMarked;
