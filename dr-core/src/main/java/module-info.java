import org.jspecify.annotations.NullMarked;

/** Disaster recovery plans, the engine that runs them, and what it asks of its host. */
@NullMarked
module io.drkit.core {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jdk8;
  requires com.fasterxml.jackson.datatype.jsr310;
  requires io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires transitive java.sql;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports io.drkit;
  exports io.drkit.file;
  exports io.drkit.lease;
  exports io.drkit.report;
  exports io.drkit.spi;
}
