/** What the command line has from its process: standard output, and the names of files. */
package dev.thumbnet.cli.process;
