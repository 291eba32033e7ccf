import { createServer, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { signatureProblem } from "../../../lab/judge/signature";
import type { IssuedKey } from "../../../lab/judge/principals";
import { ROLE } from "../bundled-function";

/** As much of AWS STS as the deploy calls, without TLS: gives credentials of one role to the function's own one. */
export class StsServer {
  public static async start(roleArn: string): Promise<StsServer> {
    const sts = new StsServer(roleArn);
    await new Promise<void>((resolve) => sts.server.listen(0, "127.0.0.1", resolve));
    return sts;
  }

  /** Those that were given, by the id of their key. */
  public readonly issued = new Map<string, IssuedKey>();
  /** How many of the next calls it refuses, as long as a role's trust does not hold. */
  public refusals = 0;
  private readonly server: Server;

  private constructor(private readonly roleArn: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { host = "" } = request.headers;
        const call = {
          ...{ from: "127.0.0.1", tls: false, host, method: "POST", path: request.url!, headers: request.headers },
          ...{ service: "sts", action: "AssumeRole", body: Buffer.concat(chunks) },
        };
        void signatureProblem(call, FUNCTION).then((problem) => {
          const asked = new URLSearchParams(call.body.toString());
          const [status, text] = this.answer(problem, asked);
          response.writeHead(status, { connection: "close", "content-type": "text/xml" }).end(text);
        });
      });
    });
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(problem: string | undefined, asked: URLSearchParams): [number, string] {
    if (problem !== undefined) return refusal("SignatureDoesNotMatch", problem);
    const isGiven = asked.get("Action") === "AssumeRole" && asked.get("RoleArn") === this.roleArn;
    if (!isGiven || this.refusals-- > 0) return refusal("AccessDenied", "is not authorized to perform: sts:AssumeRole");
    const key: IssuedKey = {
      ...FUNCTION,
      accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
      secretAccessKey: randomBytes(20).toString("hex"),
      sessionToken: randomBytes(20).toString("hex"),
    };
    this.issued.set(key.accessKeyId, key);
    return [
      200,
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
         <AccessKeyId>${key.accessKeyId}</AccessKeyId><SecretAccessKey>${key.secretAccessKey}</SecretAccessKey>
         <SessionToken>${key.sessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
       </Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    ];
  }
}

/** What Lambda hands to the function. */
const FUNCTION = {
  accessKeyId: ROLE.AWS_ACCESS_KEY_ID,
  secretAccessKey: ROLE.AWS_SECRET_ACCESS_KEY,
  sessionToken: ROLE.AWS_SESSION_TOKEN,
  expires: Infinity,
} as IssuedKey;

function refusal(code: string, message: string): [number, string] {
  return [
    403,
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ];
}
