/** What everything runs on: threads, arrays for reuse, storages, and how code gets warm. */
package dev.thumbnet.engine.backend.cpu.runtime;
