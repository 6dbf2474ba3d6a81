/** The vocabulary of disaster recovery: what a recovery plan is written in. */
package io.drkit;
