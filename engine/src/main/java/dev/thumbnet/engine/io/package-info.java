/**
 * Files of weights: the safetensors format, and the names and layouts of torchvision's models.
 *
 * <p>This package alone knows about PyTorch's layouts (NCHW, OIHW); everywhere else an image batch
 * is NHWC and a convolution weight HWIO.
 */
package dev.thumbnet.engine.io;
