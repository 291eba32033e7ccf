package io.github.cdktf_flink.opensearch;

import static org.apache.flink.connector.base.table.AsyncSinkConnectorOptions.FLUSH_BUFFER_SIZE;
import static org.apache.flink.connector.base.table.AsyncSinkConnectorOptions.FLUSH_BUFFER_TIMEOUT;
import static org.apache.flink.connector.base.table.AsyncSinkConnectorOptions.MAX_BATCH_SIZE;
import static org.apache.flink.connector.base.table.AsyncSinkConnectorOptions.MAX_BUFFERED_REQUESTS;
import static org.apache.flink.table.factories.FactoryUtil.SINK_PARALLELISM;

import java.util.Set;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.SerializationFormatFactory;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** Finds in a table's options and schema what the sink needs; looks at no connection, which the nodes alone have. */
@Internal
public final class OpenSearchTableSinkFactory implements DynamicTableSinkFactory {
  static final String IDENTIFIER = "opensearch";

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(OpenSearchOptions.CONNECTION, OpenSearchOptions.INDEX);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(
        OpenSearchOptions.KEY_DELIMITER,
        OpenSearchOptions.FORMAT,
        MAX_BATCH_SIZE,
        FLUSH_BUFFER_SIZE,
        MAX_BUFFERED_REQUESTS,
        FLUSH_BUFFER_TIMEOUT,
        SINK_PARALLELISM);
  }

  /** What may change in a restored plan. */
  @Override
  public Set<ConfigOption<?>> forwardOptions() {
    return Set.of(MAX_BATCH_SIZE, FLUSH_BUFFER_SIZE, MAX_BUFFERED_REQUESTS, FLUSH_BUFFER_TIMEOUT);
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    EncodingFormat<SerializationSchema<RowData>> format =
        helper.discoverEncodingFormat(SerializationFormatFactory.class, OpenSearchOptions.FORMAT);
    helper.validate();
    try {
      return create(context, helper.getOptions(), format);
    } catch (IllegalArgumentException refused) {
      throw new ValidationException(refused.getMessage(), refused);
    }
  }

  private static OpenSearchTableSink create(
      Context context, ReadableConfig options, EncodingFormat<SerializationSchema<RowData>> format) {
    int[] primaryKey = context.getPrimaryKeyIndexes();
    if (primaryKey.length == 0) {
      throw Refusal.of(
          "PRIMARY KEY",
          null,
          "declared, as documents get their ids from it and a row that is written twice is one document",
          "declare PRIMARY KEY (…) NOT ENFORCED");
    }
    DataType rowType = context.getPhysicalRowDataType();
    RowType row = (RowType) rowType.getLogicalType();
    return new OpenSearchTableSink(
        Connection.requireName(OpenSearchOptions.CONNECTION.key(), options.get(OpenSearchOptions.CONNECTION)),
        IndexPattern.parse(options.get(OpenSearchOptions.INDEX), row),
        DocumentId.of(primaryKey, row, options.get(OpenSearchOptions.KEY_DELIMITER)),
        primaryKey,
        format,
        rowType,
        Batching.of(
            options.get(MAX_BATCH_SIZE),
            options.get(FLUSH_BUFFER_SIZE),
            options.get(MAX_BUFFERED_REQUESTS),
            options.get(FLUSH_BUFFER_TIMEOUT)),
        options.get(SINK_PARALLELISM));
  }
}
