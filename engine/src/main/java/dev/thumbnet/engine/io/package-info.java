/**
 * Files: weights in the safetensors format with the names and layouts of torchvision's models.
 *
 * <p>This package and {@code onnx} alone know about PyTorch's and ONNX's layouts (NCHW, OIHW);
 * everywhere else an image batch is NHWC and a convolution weight HWIO.
 */
@NullMarked
package dev.thumbnet.engine.io;

import org.jspecify.annotations.NullMarked;
