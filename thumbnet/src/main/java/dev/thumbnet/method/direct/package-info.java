/** What a teacher does with thumbnails that it was not trained for. */
@NullMarked
package dev.thumbnet.method.direct;

import org.jspecify.annotations.NullMarked;
