package io.github.cdktf_flink.opensearch;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Makes requests known as those of the jobs. */
interface Authentication extends AutoCloseable {
  /**
   * Headers for one POST, of what is known now. An IOException means that a later try may find more.
   *
   * @param headers those that the request has already
   */
  Map<String, List<String>> headers(URI uri, Map<String, String> headers, byte[] body) throws IOException;

  /** Whether a request would now be made with another credential than the last one was. */
  boolean isRenewed() throws IOException;

  @Override
  default void close() {}

  static Authentication of(Connection.Login login) {
    if (login instanceof Connection.Login.Basic basic) return new BasicAuthentication(basic.credentials());
    if (login instanceof Connection.Login.Iam iam) return new IamAuthentication(iam.region());
    throw new IllegalStateException("unknown login: " + login);
  }
}
