/**
 * Files: weights in the safetensors format with the names and layouts of torchvision's models, and
 * whole networks in the ONNX format.
 *
 * <p>This package alone knows about PyTorch's and ONNX's layouts (NCHW, OIHW); everywhere else an
 * image batch is NHWC and a convolution weight HWIO.
 */
package dev.thumbnet.engine.io;
