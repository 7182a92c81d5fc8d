package dev.thumbnet.train;

import java.time.Duration;
import java.util.Map;

/**
 * Where a training is after a step.
 *
 * @param phase name of the phase
 * @param epoch number of the epoch, from 1, counted over all phases
 * @param epochs number of epochs of all phases
 * @param step number of the step in its epoch, from 1
 * @param steps number of steps of an epoch
 * @param learningRate before any factor of a group of parameters
 * @param loss what was minimised
 * @param losses its parts before weighting, by name
 * @param picturesPerSecond speed since training was started or resumed
 * @param remaining estimate of the time to the end
 */
public record StepReport(
    String phase,
    int epoch,
    int epochs,
    int step,
    int steps,
    double learningRate,
    double loss,
    Map<String, Double> losses,
    double picturesPerSecond,
    Duration remaining) {}
