/**
 * The contract of a backend as tests. A {@code …Contract} holds one part of it, for any {@code
 * Backend}; a test class of a backend implements {@code BackendContract}, or some of its parts, and
 * so runs it all. A {@code Trial} is one call of one primitive, to be compared with the reference
 * within {@code Tolerances}; the {@code …Trials} make those of a problem, {@code Problems} and
 * {@code RandomProblems} say which problems. So a problem that is added here is tried on every
 * backend, with every width of vectors.
 */
package dev.thumbnet.engine.backend.contract;
