/** Networks whose weights are kept with fewer bits when they are compiled; nothing is trained. */
@NullMarked
package dev.thumbnet.method.format;

import org.jspecify.annotations.NullMarked;
