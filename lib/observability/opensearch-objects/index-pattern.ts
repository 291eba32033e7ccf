import { OptionNames, requireOptionsOf } from "../../core/validation";
import { requireObjectId } from "./checks";
import { DashboardsObject, SavedReference } from "./dashboards-object";
import { DEFAULT_INDEX_PREFIX, indicesWith, requireIndexPrefix } from "./index-names";
import { TIME_FIELD } from "./log-fields";

/** What an `IndexPattern` can be told. */
export interface IndexPatternProps {
  /**
   * What the names of the daily indices begin with, as the `indexPrefix` of the `LogIntegration`: 2 to 200 lower-case
   * letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.
   *
   * @default logs
   */
  readonly indexPrefix?: string;
  /**
   * Id of the saved object: 1 to 300 letters, digits, `.`, `_` and `-`.
   *
   * @default flink-<indexPrefix>
   */
  readonly objectId?: string;
}

const PROPS: OptionNames<IndexPatternProps> = { indexPrefix: true, objectId: true };

/** The daily indices of logs, as OpenSearch Dashboards reads them: `<indexPrefix>-*`, by the time of each line. */
export class IndexPattern extends DashboardsObject {
  /** What the names of its indices begin with. */
  public readonly indexPrefix: string;
  /** @internal */
  public readonly _type = "index-pattern";

  public constructor(props: IndexPatternProps = {}) {
    requireOptionsOf("props of IndexPattern", props, PROPS);
    const indexPrefix = props.indexPrefix ?? DEFAULT_INDEX_PREFIX;
    requireIndexPrefix("indexPrefix of IndexPattern", indexPrefix);
    const objectId = props.objectId ?? `flink-${indexPrefix}`;
    requireObjectId("objectId of IndexPattern", objectId);
    super(indicesWith(indexPrefix), objectId);
    this.indexPrefix = indexPrefix;
  }

  /** @internal */
  public _attributes(): object {
    // Dashboards asks the indices for their fields when it first opens the pattern.
    return { title: this.title, timeFieldName: TIME_FIELD };
  }

  /** @internal */
  public _references(): readonly SavedReference[] {
    return [];
  }
}
