/** Fake regions, virtual time and disasters: what a game day in a unit test is made of. */
package io.drkit.testkit;
