/**
 * Experiments: a {@link dev.thumbnet.experiment.Study} says which trainings of which methods are
 * run and what is concluded, {@link dev.thumbnet.experiment.Experiment} runs them, and what was
 * found is in {@code results} and shown by {@code report}. {@link dev.thumbnet.experiment.Methods}
 * and {@link dev.thumbnet.experiment.Studies} list what there is.
 */
@NullMarked
package dev.thumbnet.experiment;

import org.jspecify.annotations.NullMarked;
