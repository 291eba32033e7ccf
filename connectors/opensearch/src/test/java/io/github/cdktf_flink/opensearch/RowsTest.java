package io.github.cdktf_flink.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Set;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.BooleanType;
import org.apache.flink.table.types.logical.DateType;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.VarCharType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What index and id become of a row. */
class RowsTest {
  private static final RowType TYPE =
      RowType.of(
          new LogicalType[] {
            new BigIntType(),
            VarCharType.STRING_TYPE,
            new DateType(),
            new TimestampType(3),
            new LocalZonedTimestampType(3),
            new DecimalType(10, 2),
            new TimeType(),
            new BooleanType(),
            new DoubleType()
          },
          new String[] {"id", "shop", "day", "ts", "instant", "price", "time", "paid", "weight"});

  private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 30, 23, 30);
  private static final RowData ROW = rowOfShop("north");

  @ParameterizedTest
  @CsvSource({
    "orders, orders",
    "orders-{shop}, orders-north",
    "{shop}.{id}-x, north.42-x",
    "orders-{day|yyyy.MM.dd}, orders-2026.11.30",
    "orders-{ts|yyyy-MM}, orders-2026-11",
    "orders-{instant|yyyy.MM.dd}.{shop}, orders-2026.11.30.north",
  })
  void anIndexIsMadeOfFields(String pattern, String index) {
    IndexPattern parsed = IndexPattern.parse(pattern, TYPE);
    assertEquals(index, parsed.of(ROW));
    if (pattern.contains("{")) assertNull(parsed.onlyIndex());
    else assertEquals(index, parsed.onlyIndex());
  }

  @Test
  void anIndexTellsOfWhichFieldsItIsMade() {
    assertEquals(Set.of(), IndexPattern.parse("orders", TYPE).fields());
    assertEquals(Set.of(1, 2), IndexPattern.parse("orders-{shop}-{day|yyyy}", TYPE).fields());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Orders",
        ".kibana",
        "_bulk",
        "-orders",
        "orders/_doc",
        "orders,payments",
        "orders-*",
        "a b",
        "..",
        "orders-{nobody}",
        "orders-{shop",
        "orders-}",
        "orders-{}",
        "orders-{now()|yyyy}",
        "orders-{day}",
        "orders-{price}",
        "orders-{shop|yyyy}",
        "orders-{day|HH}",
        "orders-{day|what}",
        "orders-{day|EEEE}",
        "{shop}-Orders",
      })
  void whatCanBeNoIndexIsRefusedBeforeThereIsARow(String pattern) {
    String refusal = assertThrows(IllegalArgumentException.class, () -> IndexPattern.parse(pattern, TYPE)).getMessage();
    assertTrue(refusal.matches("(?s).*index is .*, but must be .*: .*"), refusal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"North", "a/b", "../_cluster", "", "a\nb", "é"})
  void aRowWithAnotherIndexIsRefused(String shop) {
    IndexPattern pattern = IndexPattern.parse("{shop}", TYPE);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> pattern.of(rowOfShop(shop)))
            .getMessage()
            .startsWith("the index of a row by \"{shop}\" is "));
  }

  @Test
  void aRowWithoutAnIndexIsRefused() {
    GenericRowData row = new GenericRowData(9);
    String refusal =
        assertThrows(OpenSearchException.class, () -> IndexPattern.parse("{shop}", TYPE).of(row)).getMessage();
    assertTrue(refusal.contains("its field shop is NULL"), refusal);
  }

  @Test
  void anIdIsTheKey() {
    assertEquals("42", idOf(ROW, "_", 0));
    assertEquals("42_north", idOf(ROW, "_", 0, 1));
    assertEquals("2026-11-30~23:30~42.50~true", idOf(ROW, "~", 2, 6, 5, 7));
    assertEquals("2026-11-30T23:30", idOf(ROW, "_", 3));
    assertEquals("2026-11-30T23:30:00Z", idOf(ROW, "_", 4));
    assertEquals("a_b\\c", idOf(rowOfShop("a_b\\c"), "_", 1));
  }

  @Test
  void idsOfDifferentKeysDiffer() {
    RowType two =
        RowType.of(new LogicalType[] {VarCharType.STRING_TYPE, VarCharType.STRING_TYPE}, new String[] {"a", "b"});
    String[][] keys = {{"a_b", "c"}, {"a", "b_c"}, {"a\\", "b_c"}, {"a\\_b", "c"}, {"a_", "c"}, {"a", "_c"}, {"", ""}};
    for (String delimiter : new String[] {"_", "__", "_-"}) {
      DocumentId id = DocumentId.of(new int[] {0, 1}, two, delimiter);
      long different =
          Arrays.stream(keys)
              .map(key -> id.of(GenericRowData.of(StringData.fromString(key[0]), StringData.fromString(key[1]))))
              .distinct()
              .count();
      assertEquals(keys.length, different, delimiter);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\\", "a\\"})
  void aDelimiterThatCouldBeMistakenIsRefused(String delimiter) {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> DocumentId.of(new int[] {0}, TYPE, delimiter))
            .getMessage()
            .startsWith("document-id.key-delimiter is "));
  }

  @Test
  void aKeyOfFloatingPointIsRefused() {
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> DocumentId.of(new int[] {0, 8}, TYPE, "_")).getMessage();
    assertTrue(refusal.startsWith("PRIMARY KEY is \"weight DOUBLE\""), refusal);
  }

  private static String idOf(RowData row, String delimiter, int... key) {
    return DocumentId.of(key, TYPE, delimiter).of(row);
  }

  private static RowData rowOfShop(String shop) {
    return GenericRowData.of(
        42L,
        StringData.fromString(shop),
        (int) LocalDate.of(2026, 11, 30).toEpochDay(),
        TimestampData.fromLocalDateTime(TIME),
        TimestampData.fromLocalDateTime(TIME),
        DecimalData.fromBigDecimal(new BigDecimal("42.50"), 10, 2),
        (23 * 60 + 30) * 60_000,
        true,
        1.5);
  }
}
