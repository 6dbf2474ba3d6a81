/** The commands of {@code java -jar drkit-examples.jar}. */
package io.drkit.examples.cli;
