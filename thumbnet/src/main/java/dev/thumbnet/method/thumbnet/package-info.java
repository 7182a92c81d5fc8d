/**
 * The paper's method: {@link dev.thumbnet.method.thumbnet.ThumbNetTraining} trains the downscaler E
 * and the student S in the phases of the paper, and with other {@link
 * dev.thumbnet.method.thumbnet.StudentOptions} the methods that leave out parts of it.
 */
@NullMarked
package dev.thumbnet.method.thumbnet;

import org.jspecify.annotations.NullMarked;
