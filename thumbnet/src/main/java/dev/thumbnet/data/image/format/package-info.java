/**
 * What files say of themselves, before anything is decoded: which format they have, how large the
 * picture is, what decoding it takes of memory and time, and how the camera was held. Formats that
 * are known are copied with nothing but what their pixels need, so that readers see no metadata;
 * everything else is refused by name. Nothing here trusts a number that it has not checked.
 */
@NullMarked
package dev.thumbnet.data.image.format;

import org.jspecify.annotations.NullMarked;
