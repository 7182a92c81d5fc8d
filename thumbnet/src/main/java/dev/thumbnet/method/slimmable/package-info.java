/**
 * Networks that get cheaper by fewer channels. Slimmable networks and US-Nets are several widths in
 * one set of weights, trained together: {@link dev.thumbnet.method.slimmable.SlimmableMethod}.
 * {@link dev.thumbnet.method.slimmable.NarrowMethod} is what they have to be better than, narrow
 * networks that are trained alone.
 */
@NullMarked
package dev.thumbnet.method.slimmable;

import org.jspecify.annotations.NullMarked;
