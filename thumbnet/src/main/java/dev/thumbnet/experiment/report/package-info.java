/**
 * How results are shown. {@link dev.thumbnet.experiment.report.Columns} is the one list of columns
 * for HTML, Markdown and the console; {@link dev.thumbnet.experiment.report.Looks} says how each
 * method is drawn. Reports show what is in the results and know nothing of how it was trained.
 */
@NullMarked
package dev.thumbnet.experiment.report;

import org.jspecify.annotations.NullMarked;
