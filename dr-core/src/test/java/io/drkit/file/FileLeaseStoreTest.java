package io.drkit.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.spi.LeaseStore.Lease;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FileLeaseStoreTest {
  @TempDir
  Path temporary;

  private Path directory() {
    return temporary.resolve("leases");
  }

  private Path file() {
    return directory().resolve("orders.lease");
  }

  private FileLeaseStore store() {
    return FileLeaseStore.at(directory());
  }

  @Test
  void aLeaseIsHeldByOneInstanceOfOneProcess() {
    Lease lease = store().tryAcquire("orders", "me").orElseThrow();

    assertThat(store().tryAcquire("orders", "you")).isEmpty();
    assertThat(store().holder("orders")).contains("me");
    assertThat(lease.held()).isTrue();

    lease.close();
    assertThat(lease.held()).isFalse();
    assertThat(store().holder("orders")).isEmpty();
    assertThat(store().tryAcquire("orders", "you").map(Lease::held)).contains(true);
    assertThat(store().holder("orders")).contains("you");
  }

  @Test
  void askingWhoHoldsALeaseDoesNotLoseIt() throws Exception {
    Lease lease = store().tryAcquire("orders", "me").orElseThrow();
    assertThat(store().holder("orders")).contains("me");
    assertThat(store().tryAcquire("orders", "you")).isEmpty();

    try (Child child = Child.start("lease", directory(), "child")) {
      assertThat(child.line()).isEqualTo("refused");
    }
    lease.close();
  }

  @Test
  void closingALeaseAgainDoesNotTakeItFromTheNextHolder() {
    Lease first = store().tryAcquire("orders", "first").orElseThrow();
    first.close();
    Lease second = store().tryAcquire("orders", "second").orElseThrow();

    first.close();

    assertThat(second.held()).isTrue();
    assertThat(store().holder("orders")).contains("second");
    second.close();
  }

  @Test
  void aLeaseOfAnotherProcessIsSeenAndIsFreeTheMomentItIsKilled() throws Exception {
    try (Child child = Child.start("lease", directory(), "child on host-1")) {
      assertThat(child.line()).isEqualTo("holds");
      assertThat(store().tryAcquire("orders", "me")).isEmpty();
      assertThat(store().holder("orders")).contains("child on host-1");
      assertThat(store().tryAcquire("orders", "me"))
          .as("asking changes nothing")
          .isEmpty();

      child.kill();

      assertThat(store().holder("orders")).isEmpty();
      assertThat(file()).hasContent("child on host-1");
      assertThat(store().tryAcquire("orders", "me").map(Lease::held)).contains(true);
      assertThat(file()).hasContent("me");
    }
  }

  @Test
  void aLeaseThatAnotherProcessGivesBackIsFree() throws Exception {
    try (Child child = Child.start("lease", directory(), "child")) {
      assertThat(child.line()).isEqualTo("holds");
      child.release();
      assertThat(child.rest()).isEmpty();

      assertThat(store().tryAcquire("orders", "me").map(Lease::held)).contains(true);
    }
  }

  @Test
  void aHolderWhoseFileIsDeletedHoldsNothing() throws IOException {
    Lease lost = store().tryAcquire("orders", "me").orElseThrow();
    Files.delete(file());
    assertThat(lost.held()).isFalse();
    assertThat(store().holder("orders")).isEmpty();

    Lease next = store().tryAcquire("orders", "you").orElseThrow();

    assertThat(lost.held()).isFalse();
    assertThat(next.held()).isTrue();
    lost.close();
    assertThat(next.held()).isTrue();
    assertThat(store().tryAcquire("orders", "me")).isEmpty();
    next.close();
  }

  @Test
  void aSecondCopyOfTheLibraryInOneProcessDoesNotGetTheLease() throws IOException {
    Files.createDirectory(directory());
    try (FileChannel copy =
        FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Files.writeString(file(), "the copy");
      assertThat(copy.lock().isValid()).isTrue();

      assertThat(store().holder("orders")).contains("the copy");
      assertThat(store().tryAcquire("orders", "me")).isEmpty();
    }
  }

  @Test
  void plansHaveLeasesOfTheirOwn() {
    assertThat(store().tryAcquire("orders", "me")).isPresent();
    assertThat(store().tryAcquire("billing", "me")).isPresent();
  }

  @Test
  void readingMakesNothing() throws IOException {
    assertThat(store().holder("orders")).isEmpty();
    assertThat(directory()).doesNotExist();

    Files.createDirectory(directory());
    assertThat(store().holder("orders")).isEmpty();
    assertThat(directory()).isEmptyDirectory();
  }

  @Test
  void theDirectoryAndItsFilesAreForTheOwnerAlone() throws IOException {
    Optional<Lease> lease = store().tryAcquire("orders", "me");

    assertThat(lease).isPresent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
        .isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
  }

  @Test
  void linksAreRefused() throws IOException {
    Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "precious");
    Files.createDirectory(directory());
    Files.createSymbolicLink(file(), elsewhere);
    Path link = Files.createSymbolicLink(temporary.resolve("link"), directory());

    assertThatThrownBy(() -> FileLeaseStore.at(link))
        .isInstanceOf(DrException.class)
        .hasMessage("the lease store in " + link + " cannot be used: " + link
            + ": is a symbolic link; name what it leads to");
    assertThatThrownBy(() -> store().tryAcquire("orders", "me"))
        .isInstanceOf(DrException.class)
        .hasMessage("plan 'orders': its lease in " + directory() + " cannot be taken: " + file()
            + ": is a symbolic link; name what it leads to");
    assertThatThrownBy(() -> store().holder("orders"))
        .isInstanceOf(DrException.class)
        .hasMessage("plan 'orders': who holds its lease in " + directory() + " cannot be read: "
            + file() + ": is a symbolic link; name what it leads to");
    assertThat(elsewhere).hasContent("precious");
  }

  @Test
  void misuseIsRefused() {
    assertThatThrownBy(() -> store().tryAcquire("../orders", "me"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a plan's name must be");
    assertThatThrownBy(() -> store().holder("../orders"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store().tryAcquire("orders", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("owner must not be blank: it tells people who holds the lease");
  }

  @Test
  void itSaysWhereItIs() {
    assertThat(store()).hasToString("FileLeaseStore[" + directory() + "]");
    assertThat(store().tryAcquire("orders", "me").orElseThrow())
        .hasToString("Lease[" + file() + ", me]");
  }
}
