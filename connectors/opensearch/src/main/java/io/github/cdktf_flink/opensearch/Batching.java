package io.github.cdktf_flink.opensearch;

import java.io.Serializable;

/**
 * When operations that wait are sent, and how many may wait.
 *
 * @param maxOperations of one request, from 1
 * @param maxBytes of one request, and so of one document, from 1
 * @param maxBuffered more than {@code maxOperations}; with so many waiting the job is held back
 * @param maxMillis after which they are sent though they are few, from 1
 */
record Batching(int maxOperations, long maxBytes, int maxBuffered, long maxMillis) implements Serializable {
  /** See {@link Delivery}. */
  static final int IN_FLIGHT = 1;

  static final int DEFAULT_OPERATIONS = 500;
  /** Half of what the smaller machines of Amazon OpenSearch Service take in one request. */
  static final long DEFAULT_BYTES = 5 * 1024 * 1024;
  static final long DEFAULT_MILLIS = 1000;

  Batching {
    requireFrom("sink.batch.max-size", maxOperations, 1);
    requireFrom("sink.flush-buffer.size", maxBytes, 1);
    requireFrom("sink.requests.max-buffered", maxBuffered, maxOperations + 1L);
    requireFrom("sink.flush-buffer.timeout", maxMillis, 1);
  }

  /** @param maxBuffered null for twice {@code maxOperations}; of the others, null for their defaults */
  static Batching of(Integer maxOperations, Long maxBytes, Integer maxBuffered, Long maxMillis) {
    int operations = maxOperations == null ? DEFAULT_OPERATIONS : maxOperations;
    return new Batching(
        operations,
        maxBytes == null ? DEFAULT_BYTES : maxBytes,
        maxBuffered == null ? (int) Math.min(Integer.MAX_VALUE, 2L * operations) : maxBuffered,
        maxMillis == null ? DEFAULT_MILLIS : maxMillis);
  }

  private static void requireFrom(String property, long value, long least) {
    if (value >= least) return;
    throw new IllegalArgumentException(
        String.format(
            "%s is %d, but must be a whole number from %d: set it to %d or more", property, value, least, least));
  }
}
