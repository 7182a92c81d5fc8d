/** What is lost when a picture becomes a thumbnail: networks that look for it, and numbers. */
@NullMarked
package dev.thumbnet.method.information;

import org.jspecify.annotations.NullMarked;
