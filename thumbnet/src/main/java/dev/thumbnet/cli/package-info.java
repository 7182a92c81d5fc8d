/** The program {@code thumbnet}: commands that parse, call the library, and print. */
package dev.thumbnet.cli;
