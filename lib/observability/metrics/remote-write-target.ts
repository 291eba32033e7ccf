import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isTextToken, requireKnown } from "../../core/terraform/text";
import { OptionNames, requireOptionsOf, requireText } from "../../core/validation";
import { withoutWildcards } from "../../dataflow/terraform-value";
import { boundServer, METRICS_SERVER, MetricsServer } from "./metrics-server";
import { BoundMetricsTarget, MetricsTarget, TIMEOUT_SECONDS } from "./metrics-target";

/** A server that takes Prometheus' remote write: Prometheus itself, Thanos, Mimir, VictoriaMetrics and others. */
export interface RemoteWriteOptions extends MetricsServer {
  /**
   * Path at which it takes remote write: `/` and at most 200 letters, digits and `._~/-`.
   *
   * @default "/api/v1/write", as Prometheus has it
   */
  readonly path?: string;
}

/** The coordinator of a cluster of M3, behind what speaks TLS for it. */
export interface M3Options extends MetricsServer {}

/** A workspace of Amazon Managed Service for Prometheus. */
export interface AmazonPrometheusOptions {
  /** Id of the workspace, such as `ws-12345678-1234-1234-1234-123456789012`, in the account and region of the cluster. */
  readonly workspaceId: string;
}

const REMOTE_WRITE_OPTIONS: OptionNames<RemoteWriteOptions> = { ...METRICS_SERVER, path: true };
const M3_OPTIONS: OptionNames<M3Options> = METRICS_SERVER;
const AMAZON_OPTIONS: OptionNames<AmazonPrometheusOptions> = { workspaceId: true };
const DEFAULT_PORT = 443;
const DEFAULT_PATH = "/api/v1/write";
/** M3 documentation, "Prometheus remote write". */
const M3_PATH = "/api/v1/prom/remote/write";
const PATH = /^\/[A-Za-z0-9._~/-]{0,200}$/;
const WORKSPACE_ID = /^ws-[A-Za-z0-9-]{1,61}$/;
/** What Terraform looks at where a program does not know: of the right letters, so without a wildcard. */
const WORKSPACE_ID_FOR_TERRAFORM = "^ws-[A-Za-z0-9-]+$";
/** Of AWS, in the names of endpoints, and in signatures. */
const [ENDPOINT, SIGNED_SERVICE] = ["aps-workspaces", "aps"];
const EXAMPLE =
  '{ host: "metrics.example.internal", securityGroupId: "sg-…", authentication: MetricsAuthentication.basic({ … }) }';

/** Series of a server that takes Prometheus' remote write. */
export class RemoteWriteTarget implements MetricsTarget {
  public readonly title = "Prometheus remote write";

  public constructor(private readonly options: RemoteWriteOptions) {
    const factory = "MetricsDestination.prometheusRemoteWrite";
    requireOptionsOf(`the argument of ${factory}`, options, REMOTE_WRITE_OPTIONS, EXAMPLE);
    const { path } = options;
    if (path === undefined) return;
    requireKnown(`path of ${factory}`, path, "it stands in what nodes are told");
    requireText(`path of ${factory}`, path, PATH, "/ and at most 200 letters, digits and ._~/-");
  }

  public bind(integration: Construct): BoundMetricsTarget {
    return remoteWrite(integration, this.options, this.options.path ?? DEFAULT_PATH);
  }
}

/** Series of a cluster of M3. */
export class M3Target implements MetricsTarget {
  public readonly title = "M3";

  public constructor(private readonly options: M3Options) {
    requireOptionsOf("the argument of MetricsDestination.m3", options, M3_OPTIONS, EXAMPLE);
  }

  public bind(integration: Construct): BoundMetricsTarget {
    return remoteWrite(integration, this.options, M3_PATH);
  }
}

/** Series of a workspace of Amazon Managed Service for Prometheus, which the role of metrics may write and not read. */
export class AmazonPrometheusTarget implements MetricsTarget {
  public readonly title = "Amazon Managed Service for Prometheus";

  public constructor(private readonly options: AmazonPrometheusOptions) {
    const factory = "MetricsDestination.amazonPrometheus";
    requireOptionsOf(`the argument of ${factory}`, options, AMAZON_OPTIONS, '{ workspaceId: "ws-…" }');
    const { workspaceId } = options;
    if (isTextToken(workspaceId)) return;
    requireText(
      `workspaceId of ${factory}`,
      workspaceId,
      WORKSPACE_ID,
      "the id of a workspace, such as ws-12345678-1234-1234-1234-123456789012",
    );
  }

  public bind(integration: Construct): BoundMetricsTarget {
    const { workspaceId } = this.options;
    const { region, dnsSuffix } = AwsAccount.of(integration);
    return {
      spec: {
        kind: "prometheus-remote-write",
        url: `https://${ENDPOINT}.${region}.${dnsSuffix}/workspaces/${workspaceId}/api/v1/remote_write`,
        login: { kind: "iam", region, service: SIGNED_SERVICE },
        timeoutSeconds: TIMEOUT_SECONDS,
      },
      services: [ENDPOINT],
      allowances: (scope) => [
        {
          sid: "WriteMetrics",
          actions: ["aps:RemoteWrite"],
          resources: [AwsAccount.of(scope).arn("aps", `workspace/${workspaceId}`)],
        },
      ],
      requirements: withoutWildcards(integration.node.path, [
        { value: workspaceId, pattern: WORKSPACE_ID_FOR_TERRAFORM, what: "the id of a workspace" },
      ]),
    };
  }
}

function remoteWrite(integration: Construct, server: MetricsServer, path: string): BoundMetricsTarget {
  const { origin, https, ...bound } = boundServer(integration, server, DEFAULT_PORT);
  const { _login: login } = server.authentication;
  return { ...bound, spec: { kind: "prometheus-remote-write", ...https, url: `${origin}${path}`, login } };
}
