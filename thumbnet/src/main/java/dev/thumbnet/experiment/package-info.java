/**
 * The paper's table as code: {@link dev.thumbnet.experiment.Method} says what each row is, {@code
 * Experiment} runs the rows, {@link dev.thumbnet.experiment.Results} holds every number found, and
 * {@link dev.thumbnet.experiment.HtmlReport} shows them.
 */
package dev.thumbnet.experiment;
