package io.github.cdktf_flink.opensearch;

/** What no further try can mend. The message is one sentence and never tells a credential. */
final class OpenSearchException extends RuntimeException {
  OpenSearchException(String message) {
    super(message);
  }

  OpenSearchException(String message, Throwable cause) {
    super(message, cause);
  }
}
