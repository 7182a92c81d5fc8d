/** Groups of options that several commands have in common, and how their values are read. */
package dev.thumbnet.cli.option;
