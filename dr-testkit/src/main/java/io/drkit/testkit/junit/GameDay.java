package io.drkit.testkit.junit;

import io.drkit.DrStrategy;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that lives through a disaster in virtual time (WP-60). Before it, an {@linkplain io.drkit.testkit.FakeApplication
 * orders application} is built in a fake cloud and its plan is prepared by an engine; some time later, by the seed, the
 * disaster strikes, and at that instant the test begins. What to do about it is the test.
 *
 * <p>Its parameters, in any order: {@link io.drkit.testkit.FakeApplication}, {@link io.drkit.testkit.FakeCloud}, {@link
 * io.drkit.testkit.VirtualTime}, {@link io.drkit.DrPlan}, {@link io.drkit.DrEngine} with journal and leases in memory, and
 * {@link io.drkit.testkit.Timeline}.
 *
 * <p>After it, the {@linkplain io.drkit.testkit.Invariants invariants} are checked. If anything fails, the failure comes
 * with the seed, the timeline and each invariant that does not hold as a suppressed exception. The test runs once for each strategy,
 * disaster and seed.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(GameDayExtension.class)
public @interface GameDay {

  /** {@return how the application is kept ready; all four strategies by default} */
  DrStrategy[] strategy() default {
    DrStrategy.BACKUP_AND_RESTORE,
    DrStrategy.PILOT_LIGHT,
    DrStrategy.WARM_STANDBY,
    DrStrategy.MULTI_SITE
  };

  /** {@return what goes wrong; the loss of the primary region by default} */
  GameDayDisaster[] disaster() default GameDayDisaster.PRIMARY_REGION_LOSS;

  /**
   * {@return how many more disasters happen at most, of which kind and when the seed decides; none by default}
   *
   * <p>They begin within ninety minutes after the first and last an hour at most. A failure then names the fewest of them that make the
   * test fail in the same way: it was played again to find them, without the class's own {@code @BeforeEach}.
   */
  int more() default 0;

  /** {@return the first seed; 1 by default. A failure names its seed: put it here to see it again} */
  long seed() default 1;

  /** {@return how many seeds are tried, counting up from the first; 1 by default} */
  int seeds() default 1;
}
