package io.github.cdktf_flink.opensearch;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.table.data.RowData;

/** Makes operations of changes of a table. */
final class RowConverter implements ElementConverter<RowData, DocumentOperation> {
  private final IndexPattern index;
  private final DocumentId id;
  private final SerializationSchema<RowData> format;

  RowConverter(IndexPattern index, DocumentId id, SerializationSchema<RowData> format) {
    this.index = index;
    this.id = id;
    this.format = format;
  }

  @Override
  public void open(WriterInitContext context) {
    FunctionConverter.openSchema(format, context);
  }

  @Override
  public DocumentOperation apply(RowData row, SinkWriter.Context context) {
    return switch (row.getRowKind()) {
      case INSERT, UPDATE_AFTER -> DocumentOperation.write(index.of(row), id.of(row), format.serialize(row));
      // Though they are not asked for, versions that end come from a filter behind an aggregation, which may keep back the
      // ones that follow.
      case UPDATE_BEFORE, DELETE -> DocumentOperation.delete(index.of(row), id.of(row));
    };
  }
}
