package io.drkit.aws.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

class SameContentTest {
  private static HeadObjectResponse.Builder head(String tag) {
    return HeadObjectResponse.builder().contentLength(7L).eTag(tag).metadata(Map.of());
  }

  private static boolean same(HeadObjectResponse.Builder one, HeadObjectResponse.Builder other) {
    boolean forth = SameContent.headed(one.build(), other.build());
    assertThat(SameContent.headed(other.build(), one.build())).isEqualTo(forth);
    return forth;
  }

  @Test
  void aListingTellsBySizeAndTag() {
    S3Object object = S3Object.builder().size(7L).eTag("\"a\"").build();

    assertThat(SameContent.listed(object, object)).isTrue();
    assertThat(SameContent.listed(object, object.toBuilder().eTag("\"b\"").build()))
        .isFalse();
    assertThat(SameContent.listed(object, object.toBuilder().size(8L).build())).isFalse();
  }

  @Test
  void equalChecksumsOfTheWholeObjectOutweighTags() {
    assertThat(same(
            head("\"a-2\"").checksumCRC64NVME("x").checksumType(ChecksumType.FULL_OBJECT),
            head("\"b\"").checksumCRC64NVME("x").checksumType(ChecksumType.FULL_OBJECT)))
        .isTrue();
  }

  @Test
  void differentChecksumsOutweighEqualTags() {
    assertThat(same(
            head("\"a\"").checksumCRC32("x").checksumType(ChecksumType.FULL_OBJECT),
            head("\"a\"").checksumCRC32("y").checksumType(ChecksumType.FULL_OBJECT)))
        .isFalse();
  }

  @Test
  void oneDifferentChecksumOutweighsAnEqualOne() {
    assertThat(same(
            head("\"a\"").checksumCRC32("x").checksumSHA256("1"),
            head("\"b\"").checksumCRC32("x").checksumSHA256("2")))
        .isFalse();
  }

  @Test
  void compositeChecksumsTellNothing() {
    assertThat(same(
            head("\"a-2\"").checksumSHA256("x-2").checksumType(ChecksumType.COMPOSITE),
            head("\"b-3\"").checksumSHA256("x-2").checksumType(ChecksumType.COMPOSITE)))
        .isFalse();
  }

  @Test
  void aCopyThatNamesItsSourceIsTrusted() {
    assertThat(
            same(head("\"a-2\""), head("\"b-3\"").metadata(Map.of("drkit-source-etag", "\"a-2\""))))
        .isTrue();
    assertThat(same(
            head("\"a-2\""), head("\"b-3\"").metadata(Map.of("drkit-source-etag", "\"older-2\""))))
        .isFalse();
  }

  @Test
  void anotherSizeIsOtherContentWhateverElseSays() {
    assertThat(same(
            head("\"a\"").checksumCRC32("x"), head("\"a\"").checksumCRC32("x").contentLength(8L)))
        .isFalse();
  }
}
