import { refuse, requireInstance } from "../../core/validation";
import { DashboardsObject } from "./dashboards-object";
import { FlinkLogDashboards } from "./flink-log-dashboards";

/** Objects of OpenSearch Dashboards as one file that it imports, with all that they refer to. */
export class SavedObjects {
  /**
   * The file of some objects.
   *
   * @param objects one at least; what they refer to, as the panels of a dashboard, need not be named
   */
  public static of(...objects: DashboardsObject[]): SavedObjects {
    if (objects.length === 0) {
      refuse({
        property: "objects",
        value: objects,
        allowed: "one object at least",
        remedy: "name what is to be imported, such as a dashboard",
      });
    }
    for (const object of objects) {
      requireInstance("objects", object, DashboardsObject, exampleFor(object));
    }
    return new SavedObjects(withReferences(objects));
  }

  /** All of them, each after those that it refers to. */
  public readonly objects: DashboardsObject[];

  private constructor(objects: DashboardsObject[]) {
    this.objects = objects;
  }

  /** The file: one JSON object on each line (NDJSON), as *Saved objects* exports and imports it. */
  public toNdjson(): string {
    return this.objects.map((object) => `${JSON.stringify(object._savedObject())}\n`).join("");
  }
}

/** Lists are given one object after the other. */
function exampleFor(given: unknown): string {
  if (Array.isArray(given)) return "SavedObjects.of(...objects)";
  if (given instanceof FlinkLogDashboards) return "SavedObjects.of(...dashboards.objects)";
  return 'new SavedSearch({ title: "Errors" })';
}

function withReferences(objects: readonly DashboardsObject[]): DashboardsObject[] {
  const found = new Map<string, DashboardsObject>();
  const take = (object: DashboardsObject): void => {
    for (const { to } of object._references()) take(to);
    const key = `${object._type} ${object.objectId}`;
    const other = found.get(key);
    if (other !== undefined && other !== object && !isSame(other, object)) {
      refuse({
        property: "objects",
        value: object.title,
        allowed: `objects with ids of their own, and ${JSON.stringify(other.title)} has the id ${object.objectId} as well`,
        remedy: "give one of the two another title or an objectId",
      });
    }
    if (other === undefined) found.set(key, object);
  };
  objects.forEach(take);
  return [...found.values()];
}

/** As two index patterns of one prefix are. */
function isSame(one: DashboardsObject, other: DashboardsObject): boolean {
  return JSON.stringify(one._savedObject()) === JSON.stringify(other._savedObject());
}
