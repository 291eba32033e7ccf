package io.github.cdktf_flink.opensearch;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.flink.annotation.Internal;

/**
 * What becomes of one document: it is as given from now on, or it is gone.
 *
 * @param index a name without wildcards
 * @param id 1 to 512 bytes
 * @param document a JSON object on one line; null deletes
 */
@Internal
public record DocumentOperation(String index, String id, byte[] document) implements Serializable {
  /** Of OpenSearch itself. */
  private static final int LONGEST_ID_BYTES = 512;

  static DocumentOperation write(String index, String id, byte[] document) {
    requireOneObject(index, id, document);
    return new DocumentOperation(IndexName.require("the index", index), requireId(index, id), document);
  }

  static DocumentOperation delete(String index, String id) {
    return new DocumentOperation(IndexName.require("the index", index), requireId(index, id), null);
  }

  boolean isDeletion() {
    return document == null;
  }

  /** What tells two documents apart. */
  Key key() {
    return new Key(index, id);
  }

  /** Of what is sent for it. */
  long sizeInBytes() {
    return BulkBody.sizeOf(this);
  }

  record Key(String index, String id) {}

  private static String requireId(String index, String id) {
    int bytes = id == null ? 0 : id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= 1 && bytes <= LONGEST_ID_BYTES) return id;
    throw Refusal.of(
        "the id of a document of " + index,
        id,
        "1 to " + LONGEST_ID_BYTES + " bytes of text",
        "choose a primary key that is neither empty nor longer");
  }

  /** A line end in a document would begin an operation of its own in a bulk, with whatever stands behind it. */
  private static void requireOneObject(String index, String id, byte[] document) {
    boolean isObject = document != null && document.length > 1 && document[0] == '{';
    for (int at = 0; isObject && at < document.length; at++) {
      isObject = document[at] != '\n' && document[at] != '\r';
    }
    if (isObject) return;
    throw new IllegalArgumentException(
        String.format(
            "the document %s of %s is no JSON object on one line, but must be one: use the format json",
            Refusal.show(id), index));
  }
}
