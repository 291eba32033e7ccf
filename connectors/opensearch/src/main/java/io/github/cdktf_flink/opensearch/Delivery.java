package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings batches of operations to OpenSearch, one request after the other.
 *
 * <p>OpenSearch keeps what it executes last, so an older version of a document must never be sent after a newer one.
 * Three things see to it. A writer has one batch under way and waits for its end. Of the operations of a batch on one
 * document only the last is sent: else the first could be refused for now, the last go well, and the retry of the first
 * undo it. And what is to be tried again stands before all newer ones, with which the next batch treats it alike.
 *
 * <p>One gap is left, as OpenSearch has no order of a client's requests: a request whose answer was lost may be executed
 * after its own retry, and so after a still newer one.
 */
final class Delivery implements AutoCloseable {
  /** In which a new password that OpenSearch knows reaches the node, or a new one of the node OpenSearch. */
  private static final Duration ROTATION = Duration.ofMinutes(3);
  /** OpenSearch locks out who tries a wrong password ten times in a row, if it is told to. */
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(20);

  private final Connection connection;
  private final BulkClient client;
  private final Clock clock;
  private final Pauses pauses = new Pauses(Duration.ofMillis(100), Duration.ofSeconds(10));
  private boolean wasAccepted;
  private Instant refusedSince;

  Delivery(Connection connection) {
    this(connection, new BulkClient(connection), Clock.systemUTC());
  }

  Delivery(Connection connection, BulkClient client, Clock clock) {
    this.connection = connection;
    this.client = client;
    this.clock = clock;
  }

  /**
   * What a try left to be done.
   *
   * @param unfinished in the order in which they came; empty when all is done
   * @param pause before they are tried again
   * @param reason why, for a log
   */
  record Outcome(List<DocumentOperation> unfinished, Duration pause, String reason) {
    static final Outcome DONE = new Outcome(List.of(), Duration.ZERO, "");
  }

  /** Tries them once; what no further try can mend is raised as an {@link OpenSearchException}. */
  Outcome attempt(List<DocumentOperation> operations) throws InterruptedException {
    List<List<DocumentOperation>> bulks = bulksOf(operations);
    List<DocumentOperation> unfinished = new ArrayList<>();
    String reason = "";
    for (int at = 0; at < bulks.size(); at++) {
      String index = bulks.get(at).get(0).index();
      connection.requireWritable(index);
      BulkClient.Answer answer;
      try {
        answer = client.post(index, BulkBody.of(bulks.get(at)));
      } catch (IOException none) {
        return later(allFrom(at, bulks, unfinished), pauses.next(), "no answer: " + none);
      }
      if (answer.isLoginUnknown() && isRotationUnderWay()) {
        return later(allFrom(at, bulks, unfinished), BETWEEN_REFUSALS, "HTTP " + answer.status());
      }
      BulkResult result = BulkResult.of(answer, index, bulks.get(at));
      if (unfinished.isEmpty()) reason = result.reason();
      unfinished.addAll(result.unfinished());
      // What is too busy or away for a whole request is not asked for the next one.
      if (!answer.isOk()) return later(allFrom(at + 1, bulks, unfinished), pauses.next(), reason);
      wasAccepted = true;
      refusedSince = null;
    }
    int done = bulks.stream().mapToInt(List::size).sum() - unfinished.size();
    if (done > 0) pauses.reset();
    return unfinished.isEmpty() ? Outcome.DONE : later(unfinished, pauses.next(), reason);
  }

  @Override
  public void close() {
    client.close();
  }

  /** The last operation of each document, by index, in the order in which each came first. */
  private static List<List<DocumentOperation>> bulksOf(List<DocumentOperation> operations) {
    Map<DocumentOperation.Key, DocumentOperation> last = new LinkedHashMap<>();
    operations.forEach(each -> last.put(each.key(), each));
    Map<String, List<DocumentOperation>> byIndex = new LinkedHashMap<>();
    last.values().forEach(each -> byIndex.computeIfAbsent(each.index(), index -> new ArrayList<>()).add(each));
    return List.copyOf(byIndex.values());
  }

  private static List<DocumentOperation> allFrom(
      int start, List<List<DocumentOperation>> bulks, List<DocumentOperation> before) {
    List<DocumentOperation> all = new ArrayList<>(before);
    bulks.subList(start, bulks.size()).forEach(all::addAll);
    return all;
  }

  private static Outcome later(List<DocumentOperation> unfinished, Duration pause, String reason) {
    return new Outcome(unfinished, pause, reason);
  }

  /** A login that has worked is given time; one that never has is wrong, and who deployed it wants to know at once. */
  private boolean isRotationUnderWay() {
    if (!wasAccepted) return false;
    if (refusedSince == null) refusedSince = clock.instant();
    return clock.instant().isBefore(refusedSince.plus(ROTATION));
  }
}
