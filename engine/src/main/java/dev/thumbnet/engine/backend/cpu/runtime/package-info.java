/** What everything runs on: threads, arrays for reuse, storages, and how code gets warm. */
@NullMarked
package dev.thumbnet.engine.backend.cpu.runtime;

import org.jspecify.annotations.NullMarked;
