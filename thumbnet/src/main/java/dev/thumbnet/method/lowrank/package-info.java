/**
 * Networks whose convolutions are products of smaller ones: their weights are matrices of low rank,
 * after Jaderberg et al. 2014, Zhang et al. 2015 and Kim et al. 2016.
 */
@NullMarked
package dev.thumbnet.method.lowrank;

import org.jspecify.annotations.NullMarked;
