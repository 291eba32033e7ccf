package io.github.cdktf_flink.opensearch;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.RowKind;

/** A table whose rows are documents. */
record OpenSearchTableSink(
    String connection,
    IndexPattern index,
    DocumentId id,
    int[] primaryKey,
    EncodingFormat<SerializationSchema<RowData>> format,
    DataType rowType,
    Batching batching,
    Integer parallelism)
    implements DynamicTableSink {

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requested) {
    ChangelogMode.Builder mode = ChangelogMode.newBuilder();
    for (RowKind kind : requested.getContainedKinds()) {
      if (kind != RowKind.UPDATE_BEFORE) mode.addContainedKind(kind);
    }
    // Where the key tells the index, Flink need not remember whole rows for the sake of deleting them.
    return mode.keyOnlyDeletes(requested.contains(RowKind.DELETE) && isIndexOfKey()).build();
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    RowConverter converter = new RowConverter(index, id, format.createRuntimeEncoder(context, rowType));
    return SinkV2Provider.of(
        new OpenSearchSink<>(connection, index.onlyIndex(), converter, batching), parallelism);
  }

  @Override
  public DynamicTableSink copy() {
    return new OpenSearchTableSink(connection, index, id, primaryKey, format, rowType, batching, parallelism);
  }

  @Override
  public String asSummaryString() {
    return "OpenSearch";
  }

  private boolean isIndexOfKey() {
    return Arrays.stream(primaryKey).boxed().collect(Collectors.toSet()).containsAll(index.fields());
  }
}
