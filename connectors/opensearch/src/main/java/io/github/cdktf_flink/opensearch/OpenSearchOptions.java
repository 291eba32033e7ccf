package io.github.cdktf_flink.opensearch;

import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What a table WITH ('connector' = 'opensearch') can be told, beside the options of Flink's asynchronous sinks. */
@PublicEvolving
public final class OpenSearchOptions {
  public static final ConfigOption<String> CONNECTION =
      ConfigOptions.key("connection")
          .stringType()
          .noDefaultValue()
          .withDescription("The connectionName of the OpenSearchCluster that the Flink cluster writes to.");

  public static final ConfigOption<String> INDEX =
      ConfigOptions.key("index")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "The index of the rows: a name, in which {field} stands for what a field holds and {field|yyyy.MM.dd} for"
                  + " its date.");

  public static final ConfigOption<String> KEY_DELIMITER =
      ConfigOptions.key("document-id.key-delimiter")
          .stringType()
          .defaultValue("_")
          .withDescription("What stands between the fields of a primary key in the id of a document.");

  public static final ConfigOption<String> FORMAT =
      ConfigOptions.key("format")
          .stringType()
          .defaultValue("json")
          .withDescription("What makes documents of rows: a format whose texts are JSON objects.");

  private OpenSearchOptions() {}
}
