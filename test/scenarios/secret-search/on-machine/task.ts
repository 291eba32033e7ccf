import { PlaceSearch } from "../place";

/** A needle on its way into a machine, by standard input alone: no command line, variable or file shows it. */
export interface WireNeedle {
  readonly secret: number;
  readonly form: string;
  /** Base64. */
  readonly bytes: string;
}

/** Looks for needles in all places of the machine. */
export interface SearchTask {
  readonly task: "search";
  readonly needles: readonly WireNeedle[];
  /** Users with whose eyes files and environments are looked at. */
  readonly viewers: readonly string[];
  /** The user who lists units and their environments; the one who runs this where it is absent. */
  readonly lister?: string;
  /** Files changed before, in milliseconds since 1970, are the image's. */
  readonly changedSince: number;
  /** Whatever lies in them is for nobody. */
  readonly logFolders: readonly string[];
  /** Folders that are walked; by default every file system that holds files. */
  readonly roots?: readonly string[];
}

/** Reads what root may read: private keys and credentials. */
export interface CollectTask {
  readonly task: "collect";
  readonly files: readonly string[];
  readonly metadata: string;
  readonly jobCredentialsUrl: string;
  readonly jobCredentialsTokenFile: string;
}

export interface Collected {
  /** Content by path, base64; a file that is not there is left out. */
  readonly files: Readonly<Record<string, string>>;
  readonly jobCredentialsToken: string;
  readonly machineCredentials: RoleCredentials;
  readonly jobCredentials: RoleCredentials;
}

/** The secret part of what AWS gives out. */
export interface RoleCredentials {
  readonly SecretAccessKey: string;
  readonly Token: string;
}

/** Lays marked secrets down where they must be found. */
export interface PlantTask {
  readonly task: "plant";
  readonly files: readonly PlantedFile[];
  /** As whom the two processes run. */
  readonly user: string;
  /** Value of a variable of a process of its own. */
  readonly environment: string;
  /** An argument of a process of its own. */
  readonly commandLine: string;
  /** A line of the journal, where it stays. */
  readonly journal: string;
  /** A variable of a unit, which it is not told by its command line. */
  readonly unit: { readonly name: string; readonly value: string };
}

export interface PlantedFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  readonly owner: string;
}

/** Takes away what was laid down. */
export interface UprootTask {
  readonly task: "uproot";
  readonly files: readonly string[];
  readonly processes: readonly number[];
  readonly unit: string;
}

export type Task = SearchTask | CollectTask | PlantTask | UprootTask;

/** What each task answers. */
export interface Answers {
  readonly search: readonly PlaceSearch[];
  readonly collect: Collected;
  /** Numbers of the processes. */
  readonly plant: readonly number[];
  readonly uproot: null;
}
