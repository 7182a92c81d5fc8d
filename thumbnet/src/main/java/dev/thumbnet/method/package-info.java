/**
 * Ways of training a classifier: one package inside for each paper's story, which does not know the
 * others. What they have in common is here: a {@link dev.thumbnet.method.Method} offers {@link
 * dev.thumbnet.method.Training}s for a {@link dev.thumbnet.method.Setting}, and a training gives
 * finished models at its {@link dev.thumbnet.method.OperatingPoint}s. {@link
 * dev.thumbnet.method.RateChoice} is a training around that of any method, which chooses its
 * learning rate.
 */
@NullMarked
package dev.thumbnet.method;

import org.jspecify.annotations.NullMarked;
