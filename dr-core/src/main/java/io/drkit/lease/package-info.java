/**
 * The fence inside the application: a service writes only while it holds the write lease of its workload. It is the only fence
 * that works while the site that is left cannot be reached, because there the service stops by itself.
 *
 * <p>A small register, shared by all sites and kept outside of each that may be lost, says which site may write. Services read it
 * every few seconds ({@link io.drkit.lease.WriteLease}) and stop when they could not for too long. A run changes it ({@link
 * io.drkit.lease.WriteFence}) and waits until whoever had read it before must have stopped.
 */
@NullMarked
package io.drkit.lease;

import org.jspecify.annotations.NullMarked;
