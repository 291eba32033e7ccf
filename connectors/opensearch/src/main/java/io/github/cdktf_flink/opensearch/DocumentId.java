package io.github.cdktf_flink.opensearch;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** The id of each row's document: the fields of its primary key, with a delimiter between them. */
final class DocumentId implements Serializable {
  private static final char ESCAPE = '\\';

  private final String delimiter;
  private final List<KeyField> fields;

  private DocumentId(String delimiter, List<KeyField> fields) {
    this.delimiter = delimiter;
    this.fields = fields;
  }

  /** @param delimiter not empty, and without a backslash */
  static DocumentId of(int[] primaryKey, RowType row, String delimiter) {
    if (delimiter.isEmpty() || delimiter.indexOf(ESCAPE) >= 0) {
      throw Refusal.of(
          OpenSearchOptions.KEY_DELIMITER.key(), delimiter, "a text without a backslash", "use _ or another text");
    }
    List<KeyField> fields = new ArrayList<>();
    for (int position : primaryKey) {
      requireKeyType(row.getFieldNames().get(position), row.getTypeAt(position));
      fields.add(new KeyField(row.getTypeAt(position), RowData.createFieldGetter(row.getTypeAt(position), position)));
    }
    return new DocumentId(delimiter, List.copyOf(fields));
  }

  String of(RowData row) {
    if (fields.size() == 1) return fields.get(0).of(row);
    return fields.stream().map(field -> escaped(field.of(row))).collect(Collectors.joining(delimiter));
  }

  /** Else (a_b, c) and (a, b_c) were one document. */
  private String escaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length());
    for (int at = 0; at < value.length(); at++) {
      char each = value.charAt(at);
      if (each == ESCAPE || each == delimiter.charAt(0)) escaped.append(ESCAPE);
      escaped.append(each);
    }
    return escaped.toString();
  }

  private record KeyField(LogicalType type, RowData.FieldGetter getter) implements Serializable {
    String of(RowData row) {
      Object value = getter.getFieldOrNull(row);
      return switch (type.getTypeRoot()) {
        case DATE -> LocalDate.ofEpochDay((Integer) value).toString();
        case TIME_WITHOUT_TIME_ZONE -> LocalTime.ofNanoOfDay((Integer) value * 1_000_000L).toString();
        case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ((TimestampData) value).toInstant().toString();
        default -> value.toString();
      };
    }
  }

  private static void requireKeyType(String name, LogicalType type) {
    switch (type.getTypeRoot()) {
      case CHAR,
          VARCHAR,
          BOOLEAN,
          TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          DECIMAL,
          DATE,
          TIME_WITHOUT_TIME_ZONE,
          TIMESTAMP_WITHOUT_TIME_ZONE,
          TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {}
      default ->
          throw Refusal.of(
              "PRIMARY KEY",
              name + " " + type.asSummaryString(),
              "of texts, whole and decimal numbers, booleans, dates and times",
              "choose other fields, as documents get their ids from it");
    }
  }
}
