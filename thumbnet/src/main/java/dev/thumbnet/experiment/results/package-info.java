/**
 * Every number that an experiment found, and its file: {@link
 * dev.thumbnet.experiment.results.Results} is the value, {@link
 * dev.thumbnet.experiment.results.ResultsFile} reads and writes it, older formats included.
 */
@NullMarked
package dev.thumbnet.experiment.results;

import org.jspecify.annotations.NullMarked;
