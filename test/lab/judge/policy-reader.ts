import * as iam from "@aws-sdk/client-iam";
import { DescribeVpcEndpointsCommand, DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import { GetKeyPolicyCommand, paginateListAliases, paginateListKeys } from "@aws-sdk/client-kms";
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { EmulatorClients } from "../../emulator/clients";
import {
  AccountPolicies,
  BucketPolicies,
  EndpointPolicies,
  FULL_ACCESS,
  KeyPolicies,
  NamedPolicy,
  PolicyDocument,
  RolePolicies,
  SecretPolicies,
} from "./policies";

/** Errors that mean that there is none, or that it went while it was looked at. */
const ABSENT = /^(NoSuch|NotFound|ResourceNotFound|ServerSideEncryptionConfigurationNotFound)/;

/** Reads from the emulator every policy that has a say. */
export class PolicyReader {
  public constructor(
    private readonly region: string,
    private readonly clients: EmulatorClients,
  ) {}

  public async read(): Promise<AccountPolicies> {
    const [identity, roles, buckets, keys, secrets, endpoints] = await Promise.all([
      this.clients.sts.send(new GetCallerIdentityCommand({})),
      this.roles(),
      this.buckets(),
      this.keys(),
      this.secrets(),
      this.endpoints(),
    ]);
    return {
      ...{ accountId: identity.Account!, region: this.region, roles, buckets, keys, secrets, endpoints },
    };
  }

  private async roles(): Promise<RolePolicies[]> {
    const found: RolePolicies[] = [];
    for await (const page of iam.paginateListRoles({ client: this.clients.iam }, {})) {
      found.push(...(await present((page.Roles ?? []).map((role) => this.role(role)))));
    }
    return found;
  }

  private async role({ RoleName }: iam.Role): Promise<RolePolicies> {
    const client = this.clients.iam;
    const [answer, inline, attached] = await Promise.all([
      client.send(new iam.GetRoleCommand({ RoleName })),
      client.send(new iam.ListRolePoliciesCommand({ RoleName })),
      client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName })),
    ]);
    const role = answer.Role!;
    const boundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
    const identity = await Promise.all([
      ...(inline.PolicyNames ?? []).map(async (PolicyName) => {
        const policy = await client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName }));
        return { name: PolicyName, document: parse(policy.PolicyDocument!) };
      }),
      ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) => this.managed(PolicyArn!)),
    ]);
    return {
      ...{ arn: role.Arn!, name: role.RoleName!, id: role.RoleId!, identity },
      tags: Object.fromEntries((role.Tags ?? []).map((tag) => [tag.Key!, tag.Value!])),
      trust: parse(role.AssumeRolePolicyDocument!),
      ...(boundary !== undefined && { boundary: await this.managed(boundary) }),
    };
  }

  private async managed(PolicyArn: string): Promise<NamedPolicy> {
    const client = this.clients.iam;
    const { Policy } = await client.send(new iam.GetPolicyCommand({ PolicyArn }));
    const version = await client.send(
      new iam.GetPolicyVersionCommand({ PolicyArn, VersionId: Policy!.DefaultVersionId! }),
    );
    return { name: Policy!.PolicyName!, document: parse(version.PolicyVersion!.Document!) };
  }

  private async buckets(): Promise<BucketPolicies[]> {
    const { Buckets } = await this.clients.s3.send(new ListBucketsCommand({}));
    return present((Buckets ?? []).map(({ Name }) => this.bucket(Name!)));
  }

  private async bucket(name: string): Promise<BucketPolicies> {
    const [policy, encryption] = await Promise.all([
      orAbsent(this.clients.s3.send(new GetBucketPolicyCommand({ Bucket: name }))),
      orAbsent(this.clients.s3.send(new GetBucketEncryptionCommand({ Bucket: name }))),
    ]);
    const rule = encryption?.ServerSideEncryptionConfiguration?.Rules?.[0];
    const byKey = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm?.startsWith("aws:kms");
    const key = byKey ? rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID : undefined;
    return {
      name,
      ...(policy?.Policy && { policy: parse(policy.Policy) }),
      ...(key !== undefined && { key }),
      bucketKey: rule?.BucketKeyEnabled ?? false,
    };
  }

  private async keys(): Promise<KeyPolicies[]> {
    const client = this.clients.kms;
    const aliases: { readonly name: string; readonly keyId?: string }[] = [];
    for await (const page of paginateListAliases({ client }, {})) {
      aliases.push(...(page.Aliases ?? []).map((one) => ({ name: one.AliasName!, keyId: one.TargetKeyId })));
    }
    const found: KeyPolicies[] = [];
    for await (const page of paginateListKeys({ client }, {})) {
      const read = (page.Keys ?? []).map(async ({ KeyArn, KeyId }) => {
        const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
        const own = aliases.filter(({ keyId }) => keyId === KeyId).map(({ name }) => name);
        return { arn: KeyArn!, policy: parse(Policy!), aliases: own };
      });
      found.push(...(await present(read)));
    }
    return found;
  }

  private async secrets(): Promise<SecretPolicies[]> {
    const { secretsManager } = this.clients;
    const read = (await secretsManager.list()).map(async ({ ARN: arn, Name: name, KmsKeyId: key }) => {
      const policy = await secretsManager.policy(arn);
      return { arn, name, ...(key && { key }), ...(policy && { policy: parse(policy) }) };
    });
    return present(read);
  }

  private async endpoints(): Promise<EndpointPolicies[]> {
    const [endpoints, interfaces] = await Promise.all([
      this.clients.ec2.send(new DescribeVpcEndpointsCommand({})),
      this.clients.ec2.send(new DescribeNetworkInterfacesCommand({})),
    ]);
    return (endpoints.VpcEndpoints ?? []).map((endpoint) => ({
      ...{ id: endpoint.VpcEndpointId!, vpcId: endpoint.VpcId!, service: endpoint.ServiceName! },
      type: endpoint.VpcEndpointType ?? "Gateway",
      policy: endpoint.PolicyDocument ? parse(endpoint.PolicyDocument) : FULL_ACCESS,
      addresses: (interfaces.NetworkInterfaces ?? [])
        .filter((one) => endpoint.NetworkInterfaceIds?.includes(one.NetworkInterfaceId!))
        .map((one) => one.PrivateIpAddress!),
    }));
  }
}

/** IAM gives documents URL-encoded. */
function parse(text: string): PolicyDocument {
  return JSON.parse(text.trimStart().startsWith("{") ? text : decodeURIComponent(text)) as PolicyDocument;
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (ABSENT.test((error as Error).name)) return undefined;
    throw error;
  }
}

/** Those that are still there. */
async function present<T>(all: readonly Promise<T>[]): Promise<T[]> {
  const found = await Promise.all(all.map(orAbsent));
  return found.filter((one): one is Awaited<T> & T => one !== undefined);
}
