/**
 * LWAE, a rival of ThumbNet: {@link dev.thumbnet.method.wavelet.WaveletTraining} learns to split
 * pictures into low and high frequencies of half the side, and to classify both.
 */
@NullMarked
package dev.thumbnet.method.wavelet;

import org.jspecify.annotations.NullMarked;
