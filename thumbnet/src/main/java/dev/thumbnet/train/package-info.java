/**
 * Training and measuring. {@link dev.thumbnet.train.TeacherTraining} makes the teacher T, {@link
 * dev.thumbnet.train.ThumbNetTraining} the downscaler E and the student S in the phases of the
 * paper, and with other {@link dev.thumbnet.train.StudentOptions} the methods it is compared with.
 * Both describe what happens in a step; {@link dev.thumbnet.train.Trainer} does the steps, writes
 * checkpoints and stops when asked. The outcome is a {@link dev.thumbnet.train.TrainedModel}, which
 * an {@link dev.thumbnet.train.Evaluator} measures.
 *
 * <p>The same pictures, settings and seed give the same weights, bit for bit, with any number of
 * threads, and also if training was interrupted and resumed.
 */
package dev.thumbnet.train;
