/** What services of AWS do, as tests that fakes, emulators and accounts have to pass alike. */
package io.drkit.testkit.aws.contract;
