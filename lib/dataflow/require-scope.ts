import { refuse } from "../core/validation";

/** Refuses anything but a scope that has this method. */
export function requireScope(property: string, value: unknown, method: string): void {
  const isScope =
    typeof value === "object" &&
    value !== null &&
    typeof (value as { scopeName?: unknown }).scopeName === "string" &&
    Array.isArray((value as { bucketNames?: unknown }).bucketNames) &&
    [method, "overlaps"].every((name) => typeof (value as Record<string, unknown>)[name] === "function");
  if (isScope) return;
  refuse({
    property,
    value,
    allowed: "a part of a source or a sink",
    remedy: 'use for example bucket.prefix("orders/") of a DataBucket',
  });
}
