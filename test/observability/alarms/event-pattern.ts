import { Block } from "../../support/synthesized";

/**
 * Whether EventBridge matches an event: every field of the pattern is in the event with one of the values listed, and of a list
 * in the event one element is enough (EventBridge User Guide, "Event patterns"). Of plain values alone: patterns of ours have no
 * others.
 */
export function matches(pattern: Block, event: Block): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const found = event[field];
    if (!Array.isArray(wanted))
      return typeof found === "object" && found !== null && matches(wanted as Block, found as Block);
    if (!wanted.every((each) => typeof each === "string")) throw new Error(`${field} is matched by more than values`);
    return (Array.isArray(found) ? found : [found]).some((each) => wanted.includes(each as string));
  });
}

/** What an input transformer makes of an event. */
export function transformed({ input_paths, input_template }: Block, event: Block): string {
  const valueAt = (path: string): string => {
    const [, ...steps] = path.split(/[.[\]]+/).filter(Boolean);
    return steps.reduce<unknown>((value, step) => (value as Block | undefined)?.[step], event) as string;
  };
  const values = input_paths as Readonly<Record<string, string>>;
  return (input_template as string).replace(/<([a-z]+)>/g, (_, name: string) => valueAt(values[name]));
}
