package io.github.cdktf_flink.opensearch;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriterStateSerializer;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;

/** Operations that wait, as they stand in checkpoints and savepoints. */
final class DocumentOperationSerializer extends AsyncSinkWriterStateSerializer<DocumentOperation> {
  private static final int VERSION = 1;
  /** In place of a document's length. */
  private static final int DELETION = -1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public BufferedRequestState<DocumentOperation> deserialize(int version, byte[] serialized) throws IOException {
    if (version == VERSION) return super.deserialize(version, serialized);
    throw new IOException(
        "the state of the OpenSearch sink is of version "
            + version
            + ", but must be of version "
            + VERSION
            + ": restore it with the connector that wrote it");
  }

  @Override
  protected void serializeRequestToStream(DocumentOperation operation, DataOutputStream out) throws IOException {
    writeText(operation.index(), out);
    writeText(operation.id(), out);
    if (operation.isDeletion()) {
      out.writeInt(DELETION);
    } else {
      out.writeInt(operation.document().length);
      out.write(operation.document());
    }
  }

  @Override
  protected DocumentOperation deserializeRequestFromStream(long size, DataInputStream in) throws IOException {
    String index = readText(in);
    String id = readText(in);
    int length = in.readInt();
    return new DocumentOperation(index, id, length == DELETION ? null : readBytes(length, in));
  }

  /** Not by writeUTF, whose texts end at 64 KiB and have an encoding of their own. */
  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in.readInt(), in), StandardCharsets.UTF_8);
  }

  private static byte[] readBytes(int length, DataInputStream in) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }
}
