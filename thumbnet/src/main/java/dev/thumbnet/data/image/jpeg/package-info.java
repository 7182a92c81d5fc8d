/**
 * JPEG (ITU-T T.81): Huffman-coded, 8 bits a sample, sequential and progressive, with the bits that
 * libjpeg-turbo gives, whole or at a half, a quarter or an eighth of the size. It is decoded here
 * because the JDK's reader knows no reduced sizes and is slow. {@link
 * dev.thumbnet.data.image.jpeg.JpegDecoder} is the way in.
 */
@NullMarked
package dev.thumbnet.data.image.jpeg;

import org.jspecify.annotations.NullMarked;
