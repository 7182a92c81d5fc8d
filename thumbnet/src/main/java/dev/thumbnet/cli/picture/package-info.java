/** How commands go through many pictures: which ones, on several threads, and how far they are. */
package dev.thumbnet.cli.picture;
