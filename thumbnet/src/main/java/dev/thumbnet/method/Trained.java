package dev.thumbnet.method;

import dev.thumbnet.pipeline.TrainedModel;
import dev.thumbnet.train.TrainingResult;

/**
 * What a training gives.
 *
 * @param model the model; unfinished if training was stopped
 * @param result how training ended
 */
public record Trained(TrainedModel model, TrainingResult result) {}
