package io.drkit.aws.s3;

import static io.drkit.aws.Crossing.EAST;
import static io.drkit.aws.Crossing.WEST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drkit.DrException;
import io.drkit.PerSite;
import io.drkit.aws.AwsClients;
import io.drkit.aws.AwsEndpoint;
import io.drkit.aws.Crossing;
import io.drkit.aws.Emulated;
import io.drkit.aws.RecordedHttp;
import io.drkit.aws.RecordedHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class ObjectListingTest {
  private static final String CONTENTS =
      "<Contents><Key>%s</Key><Size>1</Size><ETag>\"e\"</ETag></Contents>";

  private static String page(String end, String... keys) {
    return "<ListBucketResult><EncodingType>url</EncodingType>"
        + Stream.of(keys).map(CONTENTS::formatted).reduce("", String::concat)
        + end + "</ListBucketResult>";
  }

  private static List<String> list(RecordedHttp http) throws Exception {
    try (AwsClients clients = Emulated.clients(http)) {
      Buckets buckets = new Buckets(clients, "d", PerSite.at(EAST, "one").and(WEST, "two"));
      AwsEndpoint<S3Client> s3 = buckets.endpoint(Crossing.westward("run-1"), EAST);
      ObjectListing listing = new ObjectListing("one");
      List<String> keys = new ArrayList<>();
      while (listing.peek(s3).isPresent()) {
        keys.add(listing.take().key());
      }
      return keys;
    }
  }

  @Test
  void pagesAreReadToTheEndWithoutWhatIsDrkitsOwn() throws Exception {
    RecordedHttp http = new RecordedHttp(request -> request.target().contains("continuation-token")
        ? Answer.of(200, page("<IsTruncated>false</IsTruncated>", "b", "c%2B"))
        : Answer.of(
            200,
            page(
                "<IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>t</NextContinuationToken>",
                ".drkit/d/copy",
                "a")));

    assertThat(list(http)).containsExactly("a", "b", "c+");
  }

  @Test
  void aListingOutOfOrderIsRefused() {
    RecordedHttp http = new RecordedHttp(
        request -> Answer.of(200, page("<IsTruncated>false</IsTruncated>", "b", "a")));

    assertThatThrownBy(() -> list(http))
        .isInstanceOf(DrException.class)
        .hasMessage("the listing of bucket one is out of order: 'a' came after 'b';"
            + " only general purpose buckets are supported");
  }

  @Test
  void aListingThatGoesOnAndDoesNotSayWhereIsRefused() {
    RecordedHttp http =
        new RecordedHttp(request -> Answer.of(200, page("<IsTruncated>true</IsTruncated>", "a")));

    assertThatThrownBy(() -> list(http))
        .isInstanceOf(DrException.class)
        .hasMessageStartingWith("the listing of bucket one after 'null' says that it goes on");
  }

  @Test
  void keysAreComparedByTheirBytes() {
    List<String> keys = List.of("", "a", "a/", "aa", "b", "z", "é", "\uFFFD", "\uD83D\uDE80");

    for (String one : keys) {
      for (String other : keys) {
        int bytes = Arrays.compareUnsigned(
            one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(ObjectListing.compareKeys(one, other)))
            .as(one + " and " + other)
            .isEqualTo(Integer.signum(bytes));
      }
    }
  }
}
