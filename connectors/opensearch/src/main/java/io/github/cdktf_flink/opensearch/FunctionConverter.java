package io.github.cdktf_flink.opensearch;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.ElementConverter;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.function.SerializableFunction;

/** Makes operations of elements by functions of the user's. */
final class FunctionConverter<T> implements ElementConverter<T, DocumentOperation> {
  private final SerializableFunction<T, String> index;
  private final SerializableFunction<T, String> id;
  private final SerializationSchema<T> document;
  private final SerializableFunction<T, Boolean> deletion;

  FunctionConverter(
      SerializableFunction<T, String> index,
      SerializableFunction<T, String> id,
      SerializationSchema<T> document,
      SerializableFunction<T, Boolean> deletion) {
    this.index = index;
    this.id = id;
    this.document = document;
    this.deletion = deletion;
  }

  @Override
  public void open(WriterInitContext context) {
    openSchema(document, context);
  }

  @Override
  public DocumentOperation apply(T element, SinkWriter.Context context) {
    return deletion.apply(element)
        ? DocumentOperation.delete(index.apply(element), id.apply(element))
        : DocumentOperation.write(index.apply(element), id.apply(element), document.serialize(element));
  }

  static void openSchema(SerializationSchema<?> schema, WriterInitContext context) {
    try {
      schema.open(context.asSerializationSchemaInitializationContext());
    } catch (Exception failure) {
      throw new FlinkRuntimeException("the format of the documents does not start", failure);
    }
  }
}
