package io.drkit;

import java.time.Instant;
import java.util.Optional;

/**
 * What {@link DrEngine#compact} took out of a journal. Immutable.
 *
 * @param removed how many runs it took out; 0 if it changed nothing
 * @param kept how many runs the journal still holds
 * @param until when the last run that it took out had ended; empty if there is none
 */
public record Compaction(int removed, int kept, Optional<Instant> until) {}
