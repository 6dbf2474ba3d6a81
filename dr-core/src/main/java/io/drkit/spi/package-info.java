/**
 * What a host plugs in: the clock, the journal, the lease store and listeners; and the run's events that they see. For
 * those who embed the engine, not for those who write plans.
 */
package io.drkit.spi;
