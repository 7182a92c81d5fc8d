/** What tests of several packages share: pictures, and a data set that is learnt in a moment. */
package dev.thumbnet.testing;
