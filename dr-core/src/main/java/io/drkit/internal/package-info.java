/**
 * The engine. A run is the fold of its journaled events ({@code RunState}); what to do next is a pure function of that
 * state, of what calls brought back, and of the time ({@code RunMachine}); a thin shell carries it out ({@code Runner}).
 */
package io.drkit.internal;
