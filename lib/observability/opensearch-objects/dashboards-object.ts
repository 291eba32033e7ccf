import { createHash } from "node:crypto";

/** A saved object that another one needs, and what it calls it. */
export interface SavedReference {
  readonly name: string;
  readonly to: DashboardsObject;
}

/** As a line of an export of OpenSearch Dashboards has it. */
export interface SavedObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: object;
  readonly references: readonly { readonly name: string; readonly type: string; readonly id: string }[];
  readonly migrationVersion: Readonly<Record<string, string>>;
}

/**
 * The form in which each kind is written, so that OpenSearch Dashboards 2 brings none of them up to date: that of its own
 * exports.
 */
const FORMS = { "index-pattern": "7.6.0", search: "7.9.3", visualization: "7.10.0", dashboard: "7.9.3" };

/** Something that OpenSearch Dashboards keeps as a saved object. */
export abstract class DashboardsObject {
  /** What Dashboards lists it as. */
  public readonly title: string;
  /** Its id: an object that is imported again replaces the one with this id. */
  public readonly objectId: string;
  /** @internal */
  public abstract readonly _type: keyof typeof FORMS;

  protected constructor(title: string, objectId: string) {
    this.title = title;
    this.objectId = objectId;
  }

  /** @internal */
  public abstract _attributes(): object;

  /** @internal */
  public abstract _references(): readonly SavedReference[];

  /** @internal */
  public _savedObject(): SavedObject {
    return {
      id: this.objectId,
      type: this._type,
      attributes: this._attributes(),
      references: this._references().map(({ name, to }) => ({ name, type: to._type, id: to.objectId })),
      migrationVersion: { [this._type]: FORMS[this._type] },
    };
  }
}

/** An id that stays the same as long as the title does. */
export function objectIdOf(indexPrefix: string, title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `flink-${indexPrefix}-${(words || createHash("sha256").update(title).digest("hex")).slice(0, 64)}`;
}
