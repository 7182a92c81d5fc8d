package dev.thumbnet.model;

import java.util.Optional;

/**
 * A convolution whose outputs nothing sees but one other convolution, perhaps normalised, rectified
 * and pooled on the way. So any of its output channels can be taken away, together with what the
 * other does with it, and no other shape changes: in a ResNet of basic blocks the first convolution
 * of each block, in a VGG each but the last.
 *
 * @param name of the convolution in the network's state, such as {@code layer1.0.conv1}
 * @param normalization name of the batch normalisation that follows it, if one does
 * @param next name of the convolution that sees the outputs
 * @param channels how many outputs it has
 */
public record InnerConvolution(
    String name, Optional<String> normalization, String next, int channels) {}
