import { localKeysPage } from "./local-keys";
import { portTablePage } from "./port-table";

/** A page of docs/ that is made from code. */
export interface GeneratedPage {
  /** Path from the folder of package.json. */
  readonly file: string;
  readonly render: () => string;
}

/** Every such page. */
export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { file: "docs/local-keys.md", render: localKeysPage },
  { file: "docs/ports.md", render: portTablePage },
];
