/** What may reach a terminal: text from outside is made visible on the way there. */
@NullMarked
package dev.thumbnet.cli.terminal;

import org.jspecify.annotations.NullMarked;
