import { type Reply, xmlError } from "./played-aws";

interface PlayedVersion {
  readonly id: string;
  readonly writtenAt: Date;
  /** Absent: the mark of a deletion. */
  readonly text?: string;
}

const XML = { "content-type": "application/xml" };
/** As few as make listings go on. */
const PAGE = 8;

/** Plays a versioned bucket of S3. */
export class PlayedVersions {
  /** What S3 does not let go, by its key. */
  public readonly kept = new Set<string>();
  /** Called before each deletion. */
  public beforeDeletion?: () => void;
  /** Whether what is written gets an id of its own. */
  public isVersioned = true;
  private readonly versions = new Map<string, PlayedVersion[]>();
  private count = 0;

  /** The newest version of an object, so many days old. */
  public put(key: string, text: string, daysAgo: number): void {
    this.add(key, daysAgo, text);
  }

  public delete(key: string, daysAgo: number): void {
    this.add(key, daysAgo);
  }

  /** Keys of what is there. */
  public get keys(): readonly string[] {
    return [...this.versions].flatMap(([key, [newest]]) => (newest.text === undefined ? [] : [key])).sort();
  }

  /** How many versions and marks an object has. */
  public countOf(key: string): number {
    return this.versions.get(key)?.length ?? 0;
  }

  public answer(method: string, url: URL, body: string): Reply {
    const key = decodeURIComponent(url.pathname.split("/").slice(2).join("/"));
    const { searchParams } = url;
    if (method === "POST" && searchParams.has("delete")) return this.deleteAll(body);
    if (searchParams.has("versions")) return this.listVersions(searchParams);
    if (key === "") return this.list(searchParams.get("prefix") ?? "");
    const versions = this.versions.get(key) ?? [];
    const id = searchParams.get("versionId");
    const found = id === null ? versions[0] : versions.find((each) => each.id === id);
    if (found?.text === undefined) return xmlError(404, "NoSuchKey", "The specified key does not exist.");
    const headers = { etag: '"one"', "last-modified": found.writtenAt.toUTCString(), "x-amz-version-id": found.id };
    return { status: 200, headers, body: found.text };
  }

  private add(key: string, daysAgo: number, text?: string): void {
    this.count += 1;
    const version = {
      id: this.isVersioned ? `v${this.count}` : "null",
      writtenAt: new Date(Date.now() - daysAgo * 86_400_000),
      text,
    };
    this.versions.set(key, [version, ...(this.versions.get(key) ?? [])]);
  }

  private list(prefix: string): Reply {
    const contents = this.keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => `<Contents><Key>${key}</Key>${timeIn(this.versions.get(key)![0])}</Contents>`);
    return { status: 200, headers: XML, body: `<ListBucketResult>${contents.join("")}</ListBucketResult>` };
  }

  private listVersions(query: URLSearchParams): Reply {
    const all = [...this.versions]
      .filter(([key]) => key.startsWith(query.get("prefix") ?? ""))
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .flatMap(([key, versions]) => versions.map((version, index) => ({ key, version, isLatest: index === 0 })));
    const marker = query.get("version-id-marker");
    const first = marker === null ? 0 : all.findIndex(({ version }) => version.id === marker) + 1;
    const entries = all.slice(first, first + PAGE).map(({ key, version, isLatest }) => {
      const [tag, size] = version.text === undefined ? ["DeleteMarker", ""] : ["Version", version.text.length];
      const about = `<Key>${key}</Key><VersionId>${version.id}</VersionId><IsLatest>${isLatest}</IsLatest>`;
      return `<${tag}>${about}${timeIn(version)}${size === "" ? "" : `<Size>${size}</Size>`}</${tag}>`;
    });
    const last = all[first + PAGE - 1];
    const isCut = all.length > first + PAGE;
    const next = isCut
      ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextVersionIdMarker>${last.version.id}</NextVersionIdMarker>`
      : "";
    const body = `<ListVersionsResult><IsTruncated>${isCut}</IsTruncated>${next}${entries.join("")}</ListVersionsResult>`;
    return { status: 200, headers: XML, body };
  }

  private deleteAll(body: string): Reply {
    this.beforeDeletion?.();
    const errors = [...body.matchAll(/<Object><Key>(.*?)<\/Key>(?:<VersionId>(.*?)<\/VersionId>)?<\/Object>/g)].map(
      ([, key, id]) => {
        if (this.kept.has(key)) {
          return `<Error><Key>${key}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`;
        }
        if (id === undefined) this.delete(key, 0);
        else this.forget(key, id);
        return "";
      },
    );
    return { status: 200, headers: XML, body: `<DeleteResult>${errors.join("")}</DeleteResult>` };
  }

  private forget(key: string, id: string): void {
    const left = this.versions.get(key)!.filter((version) => version.id !== id);
    if (left.length > 0) this.versions.set(key, left);
    else this.versions.delete(key);
  }
}

function timeIn({ writtenAt }: PlayedVersion): string {
  return `<LastModified>${writtenAt.toISOString()}</LastModified>`;
}
