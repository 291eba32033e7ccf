import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createAuthority, Issuer } from "../../../lab/authority";
import { Asked, askedFor } from "./published-api";

const HOST = "localhost";
/** Of service accounts with the roles Editor and Viewer, and with none. */
export const [EDITOR, VIEWER, NOBODY] = ["glsa_editor", "glsa_viewer", "glsa_nobody"];
const NOT_ALLOWED = "You'll need additional permissions to perform this action.";

interface Answer {
  readonly status: number;
  readonly body: object;
}

interface Kept {
  folderUid: string;
  version: number;
  content: Readonly<Record<string, unknown>>;
}

interface SaveCommand {
  readonly dashboard: Readonly<Record<string, unknown>> & { readonly uid: string; readonly version?: number };
  readonly folderUid?: string;
  readonly overwrite?: boolean;
}

/**
 * Stands in for Grafana, which cannot be run here: it answers what the published API has (`grafana-api.json`) as its documentation
 * says, keeps folders and dashboards, and notes each request that Grafana would not know. It is no Grafana.
 */
export class LoopbackGrafana {
  public static async start(): Promise<LoopbackGrafana> {
    const authority = await createAuthority();
    const { key, certificate } = await new Issuer(authority).certificateFor(HOST);
    const grafana = new LoopbackGrafana(authority.certificate, { key, cert: certificate });
    await new Promise<void>((resolve) => grafana.server.listen(0, "127.0.0.1", resolve));
    return grafana;
  }

  /** Titles by ids. */
  public readonly folders = new Map<string, string>();
  public readonly dashboards = new Map<string, Kept>();
  /** Methods and paths of what was asked, in order. */
  public readonly calls: string[] = [];
  /** What Grafana would not have known, or not have answered. */
  public readonly violations: string[] = [];
  /** Statuses in place of what the next requests would be answered, one each. */
  public readonly interruptions: number[] = [];
  /** Done before the next folder is made or dashboard saved: what somebody else does meanwhile. */
  public meanwhile?: () => void;
  /** What is said of what is not there, to others than administrators: 404, and 403 of versions before it was told apart. */
  public ofMissing: 403 | 404 = 404;
  /** Before Grafana 11.3, a folder has one dashboard of a title at most, and who overwrites takes over the other one. */
  public hasUniqueTitles = false;
  private readonly server: Server;
  private lastId = 0;

  private constructor(
    /** PEM of what signed its certificate. */
    public readonly authority: string,
    tls: { readonly key: string; readonly cert: string },
  ) {
    this.server = createServer(tls, (request, response) => void this.serve(request, response));
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public get url(): string {
    return `https://${HOST}:${this.port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** As new. */
  public reset(): void {
    for (const each of [this.folders, this.dashboards]) each.clear();
    for (const each of [this.calls, this.violations, this.interruptions]) each.length = 0;
    this.meanwhile = undefined;
    this.ofMissing = 404;
    this.hasUniqueTitles = false;
  }

  /** Saves a dashboard, as a person does. */
  public save(uid: string, folderUid: string, content: object): void {
    const version = (this.dashboards.get(uid)?.version ?? 0) + 1;
    this.dashboards.set(uid, { folderUid, version, content: { ...content, uid } });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const sent = await text(request);
    this.calls.push(`${method} ${pathname}`);
    const { status, body } = this.answer(
      { method, path: pathname.replace(/^\/api/, ""), query: searchParams, sent },
      headers.authorization,
    );
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  private answer(
    { method, path, query, sent }: { method: string; path: string; query: URLSearchParams; sent: string },
    authorization: string | undefined,
  ): Answer {
    const interruption = this.interruptions.shift();
    // What stands before Grafana answers in its own way.
    if (interruption !== undefined) return { status: interruption, body: { message: "not now" } };
    const body: unknown = sent === "" ? undefined : JSON.parse(sent);
    const asked = askedFor({ method, path, query, body });
    if (typeof asked === "string") {
      this.violations.push(asked);
      return { status: 400, body: { message: asked } };
    }
    const answer = this.ofCaller(asked, body, authorization);
    if (!asked.operation.statuses.includes(answer.status)) {
      this.violations.push(`${method} ${asked.operation.path} does not answer ${answer.status}`);
    }
    return answer;
  }

  private ofCaller(asked: Asked, body: unknown, authorization: string | undefined): Answer {
    const [, token] = /^Bearer (\S+)$/.exec(authorization ?? "") ?? [];
    if (token !== EDITOR && token !== VIEWER && token !== NOBODY) return refusal(401, "Invalid API key");
    if (token === NOBODY || (token === VIEWER && asked.operation.method !== "GET")) return refusal(403, NOT_ALLOWED);
    const [uid] = asked.parameters;
    switch (`${asked.operation.method} ${asked.operation.path}`) {
      case "GET /folders/{folder_uid}":
        return this.folders.has(uid) ? done({ uid, title: this.folders.get(uid) }) : this.missing("folder not found");
      case "POST /folders":
        return this.makeFolder(body as { uid: string; title: string });
      case "GET /dashboards/uid/{uid}":
        return this.readDashboard(uid);
      case "POST /dashboards/db":
        return this.saveDashboard(body as SaveCommand);
      case "DELETE /dashboards/uid/{uid}":
        return this.dashboards.delete(uid) ? done({ uid, message: "deleted" }) : this.missing("Dashboard not found");
      default:
        throw new Error(`${asked.operation.path} is not played`);
    }
  }

  private missing(message: string): Answer {
    return refusal(this.ofMissing, message);
  }

  private beMeanwhile(): void {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    meanwhile?.();
  }

  private makeFolder({ uid, title }: { uid: string; title: string }): Answer {
    this.beMeanwhile();
    if (!title) return refusal(400, "folder title cannot be empty");
    const isThere = this.folders.has(uid) || (this.hasUniqueTitles && [...this.folders.values()].includes(title));
    if (isThere) return refusal(409, "a folder with the same name already exists in the current location");
    this.folders.set(uid, title);
    return done({ uid, title, version: 1 });
  }

  private readDashboard(uid: string): Answer {
    const kept = this.dashboards.get(uid);
    if (!kept) return this.missing("Dashboard not found");
    const { content, version, folderUid } = kept;
    return done({ dashboard: { ...content, version }, meta: { folderUid, version, type: "db" } });
  }

  private saveDashboard({ dashboard, folderUid = "", overwrite = false }: SaveCommand): Answer {
    this.beMeanwhile();
    const { title, version = 0 } = dashboard;
    let { uid } = dashboard;
    if (!title) return refusal(400, "Dashboard title cannot be empty");
    if (!this.folders.has(folderUid)) return refusal(404, "folder not found");
    const kept = this.dashboards.get(uid);
    if (kept && kept.version !== version && !overwrite) {
      return refusal(412, "The dashboard has been changed by someone else", "version-mismatch");
    }
    const twin = [...this.dashboards].find(
      ([other, one]) => other !== uid && one.folderUid === folderUid && one.content.title === title,
    );
    if (twin && this.hasUniqueTitles) {
      if (!overwrite) {
        return refusal(412, "A dashboard with the same name in the folder already exists", "name-exists");
      }
      [uid] = twin;
    }
    const next = (this.dashboards.get(uid)?.version ?? 0) + 1;
    this.lastId += 1;
    this.dashboards.set(uid, { folderUid, version: next, content: { ...dashboard, uid, id: this.lastId } });
    return done({ id: this.lastId, uid, url: `/d/${uid}`, status: "success", version: next, slug: uid, folderUid });
  }
}

function done(body: object): Answer {
  return { status: 200, body };
}

function refusal(status: number, message: string, word?: string): Answer {
  return { status, body: { message, ...(word !== undefined && { status: word }) } };
}
