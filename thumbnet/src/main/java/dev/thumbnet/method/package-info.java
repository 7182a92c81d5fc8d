/**
 * Ways of training a classifier: one package inside for each paper's story, which does not know the
 * others. What they have in common is here.
 */
package dev.thumbnet.method;
