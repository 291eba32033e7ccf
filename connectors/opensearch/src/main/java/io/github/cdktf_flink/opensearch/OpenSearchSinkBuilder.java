package io.github.cdktf_flink.opensearch;

import static java.util.Objects.requireNonNull;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.util.function.SerializableFunction;

/** Builds an {@link OpenSearchSink}; connection, index, id and document are required. */
@PublicEvolving
public final class OpenSearchSinkBuilder<T> {
  private String connection;
  private String onlyIndex;
  private SerializableFunction<T, String> index;
  private SerializableFunction<T, String> id;
  private SerializationSchema<T> document;
  private SerializableFunction<T, Boolean> deletion = element -> false;
  private Integer maxOperations;
  private Long maxBytes;
  private Integer maxBuffered;
  private Long maxMillis;

  OpenSearchSinkBuilder() {}

  /** The connectionName of the OpenSearchCluster, such as {@code search}. */
  public OpenSearchSinkBuilder<T> setConnection(String connection) {
    this.connection = Connection.requireName("connection", connection);
    return this;
  }

  /**
   * One index for all documents: 1 to 255 lower-case letters, digits, {@code .}, {@code _} and {@code -}, beginning with
   * a letter or digit.
   */
  public OpenSearchSinkBuilder<T> setIndex(String index) {
    this.onlyIndex = IndexName.require("index", index);
    this.index = element -> index;
    return this;
  }

  /** The index of each document, which must stay the same as long as the document has its id: else there will be two. */
  public OpenSearchSinkBuilder<T> setIndex(SerializableFunction<T, String> index) {
    this.onlyIndex = null;
    this.index = index;
    return this;
  }

  /** The id of each document in its index, 1 to 512 bytes. */
  public OpenSearchSinkBuilder<T> setId(SerializableFunction<T, String> id) {
    this.id = id;
    return this;
  }

  /** The document: a JSON object on one line. It is not asked for what is deleted. */
  public OpenSearchSinkBuilder<T> setDocument(SerializationSchema<T> document) {
    this.document = document;
    return this;
  }

  /** Which elements delete the document that has their id; by default none. */
  public OpenSearchSinkBuilder<T> setDeletion(SerializableFunction<T, Boolean> deletion) {
    this.deletion = requireNonNull(deletion);
    return this;
  }

  /** Operations in one request, from 1; by default 500. */
  public OpenSearchSinkBuilder<T> setMaxBatchSize(int operations) {
    this.maxOperations = operations;
    return this;
  }

  /** Bytes of one request, and so of one document, from 1; by default 5 MiB. */
  public OpenSearchSinkBuilder<T> setMaxBatchSizeInBytes(long bytes) {
    this.maxBytes = bytes;
    return this;
  }

  /** Operations that may wait before the job is held back, more than are in one request; by default twice as many. */
  public OpenSearchSinkBuilder<T> setMaxBufferedRequests(int operations) {
    this.maxBuffered = operations;
    return this;
  }

  /** Milliseconds after which operations are sent though they are few, from 1; by default 1000. */
  public OpenSearchSinkBuilder<T> setMaxTimeInBufferMS(long millis) {
    this.maxMillis = millis;
    return this;
  }

  public OpenSearchSink<T> build() {
    FunctionConverter<T> converter =
        new FunctionConverter<>(
            requireNonNull(index, "the sink has no index: call setIndex"),
            requireNonNull(id, "documents have no id: call setId"),
            requireNonNull(document, "there is no way to make documents: call setDocument"),
            deletion);
    return new OpenSearchSink<>(
        requireNonNull(connection, "the sink has no connection: call setConnection"),
        onlyIndex,
        converter,
        Batching.of(maxOperations, maxBytes, maxBuffered, maxMillis));
  }
}
