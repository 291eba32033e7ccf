import { isDeepStrictEqual } from "node:util";
import { Construct } from "constructs";
import { AwsAccount } from "../../core/terraform/aws-account";
import { isToken, withReferences } from "../../core/terraform/text";
import { refuse } from "../../core/validation";
import { IKey } from "../../encryption/i-key";
import { IFlinkNetwork } from "../../network/i-flink-network";
import type {
  Admission,
  DomainRequest,
  PolicyRequest,
  RoleRequest,
  TemplateRequest,
} from "../provisioning/opensearch/domain-request";
import { Provisioner } from "../provisioning/provisioner";
import type { ScopeWriter } from "../scope";
import { DomainAdministrator } from "./domain-administrator";
import { OpenSearchIndexTemplateProps, templateRequest } from "./opensearch-index-template";

export interface OpenSearchProvisioningProps {
  readonly network: IFlinkNetwork;
  readonly domainName: string;
  readonly domainArn: string;
  readonly securityGroupId: string;
  readonly port: number;
  readonly jobsMayAddFields: boolean;
  readonly logRetentionDays: number;
  readonly logEncryptionKey?: IKey;
}

/** What belongs together of templates and policies that others of this library need in a domain. */
export interface OpenSearchObjects {
  readonly templates?: readonly TemplateRequest[];
  readonly policies?: readonly PolicyRequest[];
}

interface Writer extends RoleRequest {
  readonly roleArn: string;
}

/**
 * Roles of OpenSearch, who has them, and index templates of a domain, which the deploy makes as its administrator. Who has a
 * role is told by a call in the stack where that one's role of IAM is, which comes after the domain's.
 */
export class OpenSearchProvisioning extends Construct {
  public readonly administratorRoleArn: string;
  private readonly administrator: DomainAdministrator;
  private readonly provisioner: Provisioner;
  private readonly writers = new Map<string, Writer>();
  private readonly templates: TemplateRequest[] = [];
  private readonly policies: PolicyRequest[] = [];
  private url = "";

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: OpenSearchProvisioningProps,
  ) {
    super(scope, id);
    const { domainName, domainArn } = props;
    this.provisioner = new Provisioner(this, "Provisioner", {
      program: "opensearch-provisioner",
      systemName: domainName,
      system: `the OpenSearch domain ${domainName}`,
      network: props.network,
      door: { securityGroupId: props.securityGroupId, port: props.port },
      service: "sts",
      logRetentionDays: props.logRetentionDays,
      logEncryptionKey: props.logEncryptionKey,
    });
    const functionRoleArn = this.provisioner.roleArn;
    this.administrator = new DomainAdministrator(this, "Administrator", { domainName, domainArn, functionRoleArn });
    this.administratorRoleArn = this.administrator.roleArn;
    // A writer may come after who administers, and the other way round.
    this.node.addValidation({
      validate: () => this.writersThatAdminister().map((name) => `${name} writes into ${domainName}, ${ADMINISTERS}`),
    });
  }

  /** Begins, once it is known where the domain is. */
  public serve(host: string): void {
    this.url = `https://${host}`;
    this.order();
  }

  public grantAdministration(principalArn: string): void {
    this.administrator.grantTo(principalArn);
  }

  /** Gives somebody a role of OpenSearch that may write these indices, and those that it was given before. */
  public admit(
    scope: Construct,
    { name, roleArn, roleArnPrefix, isJobs }: ScopeWriter,
    indices: readonly string[],
  ): void {
    const role = `flink-${name}`;
    const known = this.writers.get(role);
    if (known === undefined) {
      const admit: Admission = { role, writerArn: roleArn };
      this.provisioner.callFrom(scope, `Admission-${this.props.domainName}`, { admit });
    } else {
      this.requireSame(role, known.roleArn, roleArn);
    }
    const { partition, accountId } = AwsAccount.of(this);
    this.writers.set(role, {
      name: role,
      indices: [...new Set([...(known?.indices ?? []), ...indices])].sort(),
      mayDelete: isJobs,
      mayAddFields: isJobs && this.props.jobsMayAddFields,
      writerArnPrefix: `arn:${partition}:iam::${accountId}:role/${roleArnPrefix}`,
      roleArn,
    });
    this.order();
  }

  public addIndexTemplate(name: string, props: OpenSearchIndexTemplateProps): void {
    const request = templateRequest(name, props);
    if (this.templates.some((template) => template.name === name)) refuseTwin("index template", name);
    this.templates.push(request);
    this.order();
  }

  /** The same of what others of this library need; once more, it changes nothing. */
  public provide({ templates = [], policies = [] }: OpenSearchObjects): void {
    templates.forEach((template) => addTo(this.templates, template, "index template"));
    policies.forEach((policy) => addTo(this.policies, policy, "index policy"));
    this.order();
  }

  public get report(): string {
    return this.provisioner.report;
  }

  /** Two Flink clusters of one name would take the role from each other. */
  private requireSame(role: string, one: string, other: string): void {
    if (this.isSame(one, other)) return;
    refuse({
      property: "clusterName",
      value: role.replace(/^flink-|-\w+$/g, ""),
      allowed: `a name that no other Flink cluster has that writes into the domain ${this.props.domainName}`,
      remedy: "give one of the two another clusterName",
    });
  }

  private writersThatAdminister(): string[] {
    const { people } = this.administrator;
    return [...this.writers.values()]
      .filter(({ roleArn }) => people.some((one) => this.isSame(one, roleArn)))
      .map(({ name }) => name);
  }

  /** Each reading of a resource's attribute is another token, and stands for the same. */
  private isSame(one: string, other: string): boolean {
    return (
      one === other || (isToken(one) && isToken(other) && withReferences(this, one) === withReferences(this, other))
    );
  }

  private order(): void {
    const { region, dnsSuffix } = AwsAccount.of(this);
    const request: DomainRequest = {
      region,
      stsEndpoint: `https://sts.${region}.${dnsSuffix}`,
      url: this.url,
      administratorRoleArn: this.administratorRoleArn,
      roles: [...this.writers.values()].map(
        ({ name, indices, mayDelete, mayAddFields, writerArnPrefix }): RoleRequest => ({
          ...{ name, indices, mayDelete, mayAddFields, writerArnPrefix },
        }),
      ),
      templates: this.templates,
      policies: this.policies,
    };
    const resources = [this.administratorRoleArn];
    this.provisioner.order({
      request,
      allowances: [{ sid: "BecomeAdministrator", actions: ["sts:AssumeRole"], resources }],
    });
  }
}

const ADMINISTERS = "whose administrator it may become: name another one to grantAdministration";

function addTo<T extends TemplateRequest | PolicyRequest>(list: T[], one: T, kind: string): void {
  const twin = list.find(({ name }) => name === one.name);
  if (twin === undefined) list.push(one);
  else if (!isDeepStrictEqual(twin.body, one.body)) {
    refuse({
      property: `the name of the ${kind} for logs`,
      value: one.name,
      allowed: `one that nothing else of the program gives to an ${kind} of this domain`,
      remedy: `give the other ${kind} another name, or set another indexPrefix of the logs`,
    });
  }
}

function refuseTwin(kind: string, name: string): never {
  refuse({
    property: "name",
    value: name,
    allowed: `another one, as there is an ${kind} of this name in the program already`,
    remedy: `say all of the ${kind} at one place`,
  });
}
