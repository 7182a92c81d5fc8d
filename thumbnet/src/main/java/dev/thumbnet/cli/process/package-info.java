/** What the command line has from its process: standard output, and the names of files. */
@NullMarked
package dev.thumbnet.cli.process;

import org.jspecify.annotations.NullMarked;
