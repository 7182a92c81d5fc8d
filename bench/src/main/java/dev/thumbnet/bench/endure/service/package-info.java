/** The example service under load and under attack. */
package dev.thumbnet.bench.endure.service;
