/** An application that comes and goes with its class loader, as web applications do. */
@NullMarked
package dev.thumbnet.redeploy;

import org.jspecify.annotations.NullMarked;
