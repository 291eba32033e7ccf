package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.RequestEntryWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentOperationTest {
  private static final byte[] DOCUMENT = "{\"name\":\"Zoë\"}".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"text\"", "{\n}", "{}\r\n{\"delete\":{\"_id\":\"1\"}}", "{"})
  void whatIsNoObjectOnOneLineIsNoDocument(String text) {
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> DocumentOperation.write("orders", "1", text.getBytes(StandardCharsets.UTF_8)))
            .getMessage()
            .startsWith("the document \"1\" of orders is no JSON object on one line"));
  }

  @Test
  void anIdHasBounds() {
    assertEquals(512, DocumentOperation.delete("orders", "x".repeat(512)).id().length());
    for (String id : new String[] {null, "", "x".repeat(513), "ë".repeat(257)}) {
      assertThrows(IllegalArgumentException.class, () -> DocumentOperation.delete("orders", id));
    }
  }

  @Test
  void whatWaitsSurvivesInState() throws IOException {
    DocumentOperationSerializer serializer = new DocumentOperationSerializer();
    String longId = "ë".repeat(200);
    BufferedRequestState<DocumentOperation> state =
        new BufferedRequestState<>(
            List.of(
                new RequestEntryWrapper<>(DocumentOperation.write("orders-2026", longId, DOCUMENT), 7),
                new RequestEntryWrapper<>(DocumentOperation.delete("orders", "2"), 3)));
    List<RequestEntryWrapper<DocumentOperation>> back =
        serializer.deserialize(1, serializer.serialize(state)).getBufferedRequestEntries();
    assertEquals(2, back.size());
    assertEquals(new DocumentOperation.Key("orders-2026", longId), back.get(0).getRequestEntry().key());
    assertArrayEquals(DOCUMENT, back.get(0).getRequestEntry().document());
    assertEquals(7, back.get(0).getSize());
    assertTrue(back.get(1).getRequestEntry().isDeletion());
    assertEquals(1, serializer.getVersion());
    assertThrows(IOException.class, () -> serializer.deserialize(2, serializer.serialize(state)));
  }
}
