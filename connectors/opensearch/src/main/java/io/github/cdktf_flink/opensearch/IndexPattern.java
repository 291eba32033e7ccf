package io.github.cdktf_flink.opensearch;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;

/**
 * The index of each row: a text in which {@code {field}} stands for what a field holds, and {@code {field|yyyy.MM.dd}}
 * for its date in this form.
 */
final class IndexPattern implements Serializable {
  private static final String PROPERTY = "index";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}|]+)(?:\\|([^{}]+))?}");
  private static final LocalDateTime SOME_TIME = LocalDateTime.of(2026, 11, 30, 23, 59, 59);

  private final String text;
  private final List<Part> parts;

  private IndexPattern(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** Refuses what can be seen to be no index before there is a row. */
  static IndexPattern parse(String text, RowType row) {
    List<Part> parts = new ArrayList<>();
    StringBuilder example = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(text);
    int end = 0;
    for (; placeholder.find(); end = placeholder.end()) {
      parts.add(new Fixed(text.substring(end, placeholder.start())));
      Field field = field(text, placeholder.group(1), placeholder.group(2), row);
      parts.add(field);
      example.append(text, end, placeholder.start()).append(field.example());
    }
    parts.add(new Fixed(text.substring(end)));
    example.append(text.substring(end));
    IndexName.require(PROPERTY, parts.size() == 1 ? text : example.toString());
    return new IndexPattern(text, List.copyOf(parts));
  }

  /** The index of all rows; null where each row has its own. */
  String onlyIndex() {
    return parts.size() == 1 ? text : null;
  }

  /** Positions of the fields that it is made of. */
  Set<Integer> fields() {
    return parts.stream()
        .filter(Field.class::isInstance)
        .map(part -> ((Field) part).position)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  String of(RowData row) {
    if (parts.size() == 1) return text;
    StringBuilder name = new StringBuilder();
    for (Part part : parts) name.append(part.of(row));
    return IndexName.require("the index of a row by " + Refusal.show(text), name.toString());
  }

  private interface Part extends Serializable {
    String of(RowData row);
  }

  private record Fixed(String text) implements Part {
    @Override
    public String of(RowData row) {
      return text;
    }
  }

  private static final class Field implements Part {
    private final String name;
    private final int position;
    private final LogicalType type;
    /** Null for what the field holds as it is. */
    private final String form;
    private final RowData.FieldGetter getter;
    private transient DateTimeFormatter formatter;

    Field(String name, int position, LogicalType type, String form) {
      this.name = name;
      this.position = position;
      this.type = type;
      this.form = form;
      this.getter = RowData.createFieldGetter(type, position);
    }

    @Override
    public String of(RowData row) {
      Object value = getter.getFieldOrNull(row);
      if (value == null) {
        throw new OpenSearchException(
            "a row has no index, as its field " + name + " is NULL: leave such rows out, or choose another field");
      }
      if (form == null) return value.toString();
      if (formatter == null) formatter = formatterOf(form);
      return formatter.format(timeOf(value));
    }

    /** What could stand for it. */
    String example() {
      if (form == null) return "1";
      try {
        return formatterOf(form).format(type.is(LogicalTypeRoot.DATE) ? SOME_TIME.toLocalDate() : someTimestamp());
      } catch (IllegalArgumentException | DateTimeException unknown) {
        throw Refusal.of(
            "the form of " + name + " in index",
            form,
            "one of java.time.format.DateTimeFormatter that its type can fill",
            "write it as yyyy.MM.dd");
      }
    }

    private TemporalAccessor someTimestamp() {
      return type.is(LogicalTypeRoot.TIMESTAMP_WITHOUT_TIME_ZONE) ? SOME_TIME : SOME_TIME.atZone(ZoneOffset.UTC);
    }

    private TemporalAccessor timeOf(Object value) {
      return switch (type.getTypeRoot()) {
        case DATE -> LocalDate.ofEpochDay((Integer) value);
        case TIMESTAMP_WITHOUT_TIME_ZONE -> ((TimestampData) value).toLocalDateTime();
        case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ((TimestampData) value).toInstant().atZone(ZoneOffset.UTC);
        default -> throw new IllegalStateException("no time: " + type);
      };
    }
  }

  private static Field field(String text, String name, String form, RowType row) {
    int position = row.getFieldIndex(name);
    if (position < 0) {
      throw Refusal.of(
          PROPERTY,
          text,
          "made of fields of the table (" + String.join(", ", row.getFieldNames()) + ")",
          "write one of them in place of " + name);
    }
    LogicalType type = row.getTypeAt(position);
    if (form == null ? isPlain(type) : isDate(type)) return new Field(name, position, type, form);
    throw Refusal.of(
        PROPERTY,
        text,
        form == null
            ? "made of texts and whole numbers, and of dates and times with a form"
            : "made with forms of dates and times alone",
        form == null ? "write {" + name + "|yyyy.MM.dd}, or another field" : "write {" + name + "}, or another field");
  }

  private static boolean isPlain(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR, TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  private static boolean isDate(LogicalType type) {
    return switch (type.getTypeRoot()) {
      case DATE, TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> true;
      default -> false;
    };
  }

  private static DateTimeFormatter formatterOf(String form) {
    return DateTimeFormatter.ofPattern(form, Locale.ROOT);
  }
}
