/** How commands go through many pictures: which ones, on several threads, and how far they are. */
@NullMarked
package dev.thumbnet.cli.picture;

import org.jspecify.annotations.NullMarked;
