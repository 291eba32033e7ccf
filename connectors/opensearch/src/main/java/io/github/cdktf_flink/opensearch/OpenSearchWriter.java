package io.github.cdktf_flink.opensearch;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriter;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects operations and hands them over in batches; while OpenSearch is busy or away it holds the job back. */
final class OpenSearchWriter<T> extends AsyncSinkWriter<T, DocumentOperation> {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSearchWriter.class);
  /**
   * A delivery ends by itself. Should one not, the job begins anew from its checkpoint: the batch must not be under way
   * twice, which a retry by Flink's own timer would bring about.
   */
  private static final Duration LONGEST_DELIVERY = Duration.ofHours(1);

  private final Batching batching;
  private final Delivery delivery;
  private final Counter retries;
  private final ScheduledExecutorService thread;

  // What the other constructor takes in place of a null has another name in the line of Flink after 2.3.
  @SuppressWarnings("deprecation")
  OpenSearchWriter(
      ElementConverter<T, DocumentOperation> converter,
      WriterInitContext context,
      Batching batching,
      Delivery delivery,
      Collection<BufferedRequestState<DocumentOperation>> states) {
    super(converter, context, configurationOf(batching), states);
    this.batching = batching;
    this.delivery = delivery;
    this.retries = context.metricGroup().getNumRecordsSendErrorsCounter();
    String name = "opensearch-sink-" + context.getTaskInfo().getIndexOfThisSubtask();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread own = new Thread(task, name);
              own.setDaemon(true);
              return own;
            });
  }

  @Override
  protected void submitRequestEntries(
      List<DocumentOperation> operations, ResultHandler<DocumentOperation> result) {
    thread.execute(() -> deliver(operations, result));
  }

  /** Refuses one that would fit into no batch. */
  @Override
  protected long getSizeInBytes(DocumentOperation operation) {
    long size = operation.sizeInBytes();
    if (size <= batching.maxBytes()) return size;
    throw new OpenSearchException(
        String.format(
            "the document %s of the index %s has %d bytes, but must have at most %d: set sink.flush-buffer.size to what"
                + " the cluster takes in one request, or write less",
            Refusal.show(operation.id()), operation.index(), size, batching.maxBytes()));
  }

  /**
   * What waits is sent before a checkpoint, and nothing of it is kept there: a source that tells others how far it has come
   * does so when the checkpoint is complete, and a job that begins at another parallelism would get an older version of a
   * document in another place than the newer one.
   */
  @Override
  public void flush(boolean endOfInput) throws InterruptedException {
    super.flush(true);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    delivery.close();
  }

  private static AsyncSinkWriterConfiguration configurationOf(Batching batching) {
    return AsyncSinkWriterConfiguration.builder()
        .setMaxBatchSize(batching.maxOperations())
        .setMaxBatchSizeInBytes(batching.maxBytes())
        .setMaxInFlightRequests(Batching.IN_FLIGHT)
        .setMaxBufferedRequests(batching.maxBuffered())
        .setMaxTimeInBufferMS(batching.maxMillis())
        .setMaxRecordSizeInBytes(batching.maxBytes())
        .setRequestTimeoutMS(LONGEST_DELIVERY.toMillis())
        .setFailOnTimeout(true)
        .build();
  }

  private void deliver(List<DocumentOperation> operations, ResultHandler<DocumentOperation> result) {
    try {
      Delivery.Outcome outcome = delivery.attempt(operations);
      List<DocumentOperation> unfinished = outcome.unfinished();
      if (unfinished.isEmpty()) {
        result.complete();
        return;
      }
      retries.inc(unfinished.size());
      long pause = outcome.pause().toMillis();
      LOG.warn(
          "{} of {} operations are tried again in {} ms: {}",
          unfinished.size(), operations.size(), pause, outcome.reason());
      thread.schedule(() -> result.retryForEntries(unfinished), pause, TimeUnit.MILLISECONDS);
    } catch (InterruptedException closed) {
      // The writer was closed: nobody waits for the result.
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      result.completeExceptionally(failure);
    } catch (Error failure) {
      result.completeExceptionally(new OpenSearchException("the OpenSearch sink failed: " + failure, failure));
    }
  }
}
