package dev.thumbnet.experiment.report;

/**
 * Something that results say.
 *
 * @param heading what it is about, in a word or two
 * @param text one or more sentences; they name what they compare
 */
public record Finding(String heading, String text) {}
