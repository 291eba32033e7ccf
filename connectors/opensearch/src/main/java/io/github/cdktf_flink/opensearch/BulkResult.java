package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What an answer says of the operations of a bulk: those that may go well later, and why they did not. What can never go
 * well is raised as an {@link OpenSearchException}.
 *
 * @param reason of the first of them; empty where all went well
 */
record BulkResult(List<DocumentOperation> unfinished, String reason) {
  private static final int LONGEST_REASON = 400;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int TOO_LARGE = 413;
  private static final int FIRST_OF_SERVER = 500;
  private static final ObjectMapper JSON = new ObjectMapper();

  static BulkResult of(BulkClient.Answer answer, String index, List<DocumentOperation> operations) {
    if (answer.isOk()) return ofItems(items(answer.body(), index, operations.size()), operations);
    String reason = "HTTP " + answer.status() + reasonOf(answer.body());
    if (mayGoWellLater(answer.status())) return new BulkResult(operations, reason);
    throw new OpenSearchException(
        String.format(
            "OpenSearch refuses a bulk of %d operations on the index %s (%s): %s",
            operations.size(), index, reason, remedy(answer.status())));
  }

  private static BulkResult ofItems(List<JsonNode> items, List<DocumentOperation> operations) {
    List<DocumentOperation> unfinished = new ArrayList<>();
    String reason = "";
    for (int at = 0; at < items.size(); at++) {
      DocumentOperation operation = operations.get(at);
      int status = items.get(at).path("status").asInt();
      boolean isGone = operation.isDeletion() && status == NOT_FOUND;
      if (status / 100 == 2 || isGone) continue;
      String found = "HTTP " + status + reasonOf(items.get(at).path("error"));
      if (!mayGoWellLater(status)) throw refused(operation, found);
      if (unfinished.isEmpty()) reason = found;
      unfinished.add(operation);
    }
    return new BulkResult(unfinished, reason);
  }

  private static OpenSearchException refused(DocumentOperation operation, String reason) {
    return new OpenSearchException(
        String.format(
            "OpenSearch refuses to %s the document %s of the index %s (%s): mend the row, the index's mapping or what"
                + " the jobs' user may do",
            operation.isDeletion() ? "delete" : "write", Refusal.show(operation.id()), operation.index(), reason));
  }

  private static boolean mayGoWellLater(int status) {
    return status == TOO_MANY_REQUESTS || status >= FIRST_OF_SERVER;
  }

  private static String remedy(int status) {
    return switch (status) {
      case BulkClient.UNAUTHORIZED, BulkClient.FORBIDDEN -> "let the jobs' user or role write to it";
      case TOO_LARGE -> "set sink.flush-buffer.size below what the cluster takes in one request";
      default -> "see whether it is OpenSearch 1.0 or newer that answers there";
    };
  }

  /** One for each operation, in their order: the value of its only field, which is named after the kind of operation. */
  private static List<JsonNode> items(byte[] body, String index, int count) {
    List<JsonNode> items = new ArrayList<>();
    try {
      JSON.readTree(body).path("items").forEach(item -> item.elements().forEachRemaining(items::add));
    } catch (IOException broken) {
      items.clear();
    }
    if (items.size() == count) return items;
    throw new OpenSearchException(
        String.format(
            "the answer to a bulk of %d operations on the index %s tells of %d of them: see whether it is OpenSearch 1.0"
                + " or newer that answers there",
            count, index, items.size()));
  }

  private static String reasonOf(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json.hasNonNull("error")) return reasonOf(json.path("error"));
    } catch (IOException noJson) {
      // Its own words follow: what stands before OpenSearch answers in plain text.
    }
    return words(new String(body, StandardCharsets.UTF_8));
  }

  private static String reasonOf(JsonNode error) {
    if (!error.isObject()) return words(error.asText());
    String cause = error.path("caused_by").path("reason").asText();
    return words(
        error.path("type").asText() + ": " + error.path("reason").asText() + (cause.isEmpty() ? "" : "; " + cause));
  }

  private static String words(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    if (line.isEmpty()) return "";
    return ": " + (line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line);
  }
}
