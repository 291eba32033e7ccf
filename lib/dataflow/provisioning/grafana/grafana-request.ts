/** A folder of Grafana. */
export interface FolderRequest {
  readonly uid: string;
  /** What it is called where the deploy makes it. */
  readonly title: string;
}

/** A dashboard as Grafana's API takes it, without what is Grafana's own to say: its number and its version. */
export interface DashboardRequest {
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly [member: string]: unknown;
}

/** What a Grafana is to have, as the deploy tells it to the function that makes it: no secret is in it. */
export interface GrafanaRequest {
  readonly region: string;
  /** Of AWS Secrets Manager, such as `https://secretsmanager.eu-west-1.amazonaws.com`. */
  readonly secretsEndpoint: string;
  /** The secret with the token of a service account of Grafana. */
  readonly tokenSecretArn: string;
  /** Such as `https://grafana.example.internal:443`. */
  readonly url: string;
  /** PEM of those who sign Grafana's certificate; absent: whom the function's Node.js trusts. */
  readonly certificateAuthorities?: string;
  /** On the way, by CONNECT. */
  readonly proxy?: { readonly host: string; readonly port: number };
  /**
   * Which deploy this is: account, region, and 8 characters for its name there, such as `123456789012:eu-west-1:0123abcd`. No
   * other one into the same Grafana has it.
   */
  readonly deploy: string;
  readonly folder: FolderRequest;
  readonly dashboards: readonly DashboardRequest[];
  /** Whether a destroy takes away what the deploy made. */
  readonly deletesOnDestroy: boolean;
}

/** By which Terraform tells what it does with the call that a destroy makes. */
export interface LifecycleRequest {
  /** The text of the `GrafanaRequest` that was ordered. */
  readonly order: string;
  readonly tf: { readonly action: "create" | "update" | "delete" };
}
