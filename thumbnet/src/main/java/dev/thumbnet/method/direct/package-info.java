/** What a teacher does with thumbnails that it was not trained for. */
package dev.thumbnet.method.direct;
