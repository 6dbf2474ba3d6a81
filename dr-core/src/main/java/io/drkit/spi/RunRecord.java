package io.drkit.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * One record of a plan's journal: an event, and when it happened.
 *
 * @param sequence its place in the plan's log, counting from 0
 * @param run the run's id
 * @param epoch the epoch of the runner that wrote it; it rises each time that a process takes the run over
 * @param at the wall-clock time
 * @param uptime the monotonic time of the process that wrote it; comparable within one epoch only
 * @param event what happened
 */
public record RunRecord(
    long sequence, String run, long epoch, Instant at, Duration uptime, RunEvent event) {}
