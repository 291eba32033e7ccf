package io.github.cdktf_flink.opensearch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Operations on one index as OpenSearch reads them: a line that says what and to which document, and for a document that
 * is written a line with it. It replaces the whole document.
 */
final class BulkBody {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BulkBody() {}

  static byte[] of(List<DocumentOperation> operations) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      for (DocumentOperation each : operations) {
        String action = each.isDeletion() ? "delete" : "index";
        body.write(JSON.writeValueAsBytes(Map.of(action, Map.of("_id", each.id()))));
        body.write('\n');
        if (each.isDeletion()) continue;
        body.write(each.document());
        body.write('\n');
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return body.toByteArray();
  }
}
