/**
 * Students on full pictures behind a front, which takes more of each patch than the three colours
 * of a thumbnail: what they reach is a bound for downscalers of the same cost.
 */
@NullMarked
package dev.thumbnet.method.front;

import org.jspecify.annotations.NullMarked;
