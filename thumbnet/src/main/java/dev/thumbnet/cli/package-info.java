/** The program {@code thumbnet}: commands that parse, call the library, and print. */
@NullMarked
package dev.thumbnet.cli;

import org.jspecify.annotations.NullMarked;
