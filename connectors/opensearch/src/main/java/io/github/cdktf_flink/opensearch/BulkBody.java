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
        body.write(action(each));
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

  /** Bytes of an operation in a body. */
  static long sizeOf(DocumentOperation operation) {
    long ofDocument = operation.isDeletion() ? 0 : operation.document().length + 1;
    try {
      return action(operation).length + 1 + ofDocument;
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static byte[] action(DocumentOperation operation) throws IOException {
    String action = operation.isDeletion() ? "delete" : "index";
    return JSON.writeValueAsBytes(Map.of(action, Map.of("_id", operation.id())));
  }
}
