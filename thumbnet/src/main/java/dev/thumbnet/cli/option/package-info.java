/** Groups of options that several commands have in common, and how their values are read. */
@NullMarked
package dev.thumbnet.cli.option;

import org.jspecify.annotations.NullMarked;
