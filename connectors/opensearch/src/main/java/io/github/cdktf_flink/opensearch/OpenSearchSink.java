package io.github.cdktf_flink.opensearch;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.AsyncSinkBase;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes documents into indices of OpenSearch: at least once, and as each has an id of its own, what is written again
 * replaces itself. A document replaces the whole of the one that was there.
 *
 * <p>The connection is what the Flink cluster's definition names by {@code writeTo}: where the sink runs, it reads
 * {@code $FLINK_CONNECTIONS_DIR/<connection>.json}. Who submits needs neither a password nor a way to the cluster.
 *
 * <p>While OpenSearch is busy or away the sink tries again, and holds the job back. What OpenSearch refuses for good, as
 * a document that does not fit the mapping, fails the job.
 */
@PublicEvolving
public final class OpenSearchSink<T> extends AsyncSinkBase<T, DocumentOperation> {
  private final String connection;
  private final String onlyIndex;
  private final Batching batching;

  /** @param onlyIndex where all documents go; null where each has its own */
  OpenSearchSink(
      String connection, String onlyIndex, ElementConverter<T, DocumentOperation> converter, Batching batching) {
    super(
        converter,
        batching.maxOperations(),
        Batching.IN_FLIGHT,
        batching.maxBuffered(),
        batching.maxBytes(),
        batching.maxMillis(),
        batching.maxBytes());
    this.connection = connection;
    this.onlyIndex = onlyIndex;
    this.batching = batching;
  }

  public static <T> OpenSearchSinkBuilder<T> builder() {
    return new OpenSearchSinkBuilder<>();
  }

  @Override
  public StatefulSinkWriter<T, BufferedRequestState<DocumentOperation>> createWriter(WriterInitContext context) {
    return restoreWriter(context, List.of());
  }

  @Override
  public StatefulSinkWriter<T, BufferedRequestState<DocumentOperation>> restoreWriter(
      WriterInitContext context, Collection<BufferedRequestState<DocumentOperation>> states) {
    Connection found = Connection.find(connection);
    Optional.ofNullable(onlyIndex).ifPresent(found::requireWritable);
    return new OpenSearchWriter<>(getElementConverter(), context, batching, new Delivery(found), states);
  }

  @Override
  public SimpleVersionedSerializer<BufferedRequestState<DocumentOperation>> getWriterStateSerializer() {
    return new DocumentOperationSerializer();
  }
}
