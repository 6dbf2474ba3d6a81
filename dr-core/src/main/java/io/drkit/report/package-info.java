/**
 * What people and scripts read of a run: the report as text and as JSON, and a live line for each thing that happens. For
 * those who write a command line, a job or a bot around the engine.
 */
package io.drkit.report;
