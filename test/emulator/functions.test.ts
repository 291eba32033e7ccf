import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkInterfacesCommand,
} from "@aws-sdk/client-ec2";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, AgentOptions, createServer, Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { functionPackage } from "../../lib/dataflow/provisioning/function-package";
import { EmulatorClients, REGION } from "./clients";
import { Emulator } from "./emulator";
import { callEmulator, PlainCall } from "./plain-call";

const NAME = "company-postgresql-provisioner";
const LOGGING = { LogFormat: "JSON", LogGroup: `/aws/lambda/${NAME}` };
const PROGRAM = readFileSync(functionPackage("postgresql-provisioner").path).toString("base64");

let dir: string;
let emulator: Emulator;
let aws: EmulatorClients;
let agent: Agent;
let answerer: Server;
let answer: { readonly failed: boolean; readonly payload: string };
let asked: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "emulator-"));
  answerer = createServer((request, response) => {
    void text(request).then((question) => {
      asked = JSON.parse(question) as typeof asked;
      response.end(JSON.stringify({ answer }));
    });
  });
  await new Promise<void>((resolve) => answerer.listen(join(dir, "questions.sock"), resolve));
  emulator = await Emulator.start({ dir, loopback: false, questions: join(dir, "questions.sock") });
  aws = new EmulatorClients(REGION, emulator.socketPath);
  agent = new Agent({ socketPath: emulator.socketPath } as AgentOptions);
}, 300_000);

afterAll(async () => {
  aws?.destroy();
  agent?.destroy();
  await emulator?.stop();
  await new Promise((resolve) => answerer.close(resolve));
  rmSync(dir, { recursive: true, force: true });
});

async function call(path: string, more: Partial<PlainCall> & { readonly given?: object }): Promise<unknown> {
  const { method, given } = more;
  const { status, text: said } = await callEmulator(
    { region: REGION, accessKeyId: "x", agent },
    {
      ...{ service: "lambda", path: `/2015-03-31/functions${path}`, method },
      ...{ headers: { "content-type": "application/json" }, body: given ? JSON.stringify(given) : "" },
    },
  );
  if (status >= 300) throw new Error(`${status}: ${said}`);
  return said && JSON.parse(said);
}

async function network() {
  const VpcId = (await aws.ec2.send(new CreateVpcCommand({ CidrBlock: "10.40.0.0/16" }))).Vpc!.VpcId!;
  const subnets = await Promise.all(
    ["a", "b"].map((zone, index) =>
      aws.ec2.send(
        new CreateSubnetCommand({ VpcId, CidrBlock: `10.40.${index}.0/24`, AvailabilityZone: `${REGION}${zone}` }),
      ),
    ),
  );
  const group = await aws.ec2.send(new CreateSecurityGroupCommand({ GroupName: "f", Description: "f", VpcId }));
  return { SubnetIds: subnets.map(({ Subnet }) => Subnet!.SubnetId!), SecurityGroupIds: [group.GroupId!] };
}

async function role(): Promise<string> {
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await aws.iam.send(new CreateRoleCommand({ RoleName: "provisioner", AssumeRolePolicyDocument }));
  return Role!.Arn!;
}

/** Interfaces of functions, by their subnets. */
async function interfaces() {
  const { NetworkInterfaces = [] } = await aws.ec2.send(new DescribeNetworkInterfacesCommand({}));
  return NetworkInterfaces.filter(({ Description }) => Description?.startsWith("AWS Lambda VPC ENI-"));
}

test("a function stands in its network, keeps how it logs, is run by whoever plays it, and goes", async () => {
  const VpcConfig = await network();
  const environment = { ORDER_SHA256: "x" };
  const given = {
    ...{
      FunctionName: NAME,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 300,
      MemorySize: 256,
      VpcConfig,
    },
    ...{ Role: await role(), Code: { ZipFile: PROGRAM }, LoggingConfig: LOGGING },
    Environment: { Variables: environment },
  };
  await call("", { given });
  expect(await call(`/${NAME}/configuration`, { method: "GET" })).toMatchObject({ LoggingConfig: LOGGING });
  const made = await interfaces();
  expect(made.map(({ SubnetId }) => SubnetId).sort()).toEqual([...VpcConfig.SubnetIds].sort());
  for (const { Description, Groups, Status } of made) {
    expect(Description).toMatch(new RegExp(`^AWS Lambda VPC ENI-${NAME}-[0-9a-f-]{36}$`));
    expect([Groups!.map(({ GroupId }) => GroupId), Status]).toEqual([VpcConfig.SecurityGroupIds, "in-use"]);
  }

  answer = { failed: false, payload: '{"made":[]}' };
  expect(await aws.lambda.invoke(NAME, '{"region":"eu-west-1"}')).toEqual({ failed: false, payload: { made: [] } });
  expect(asked).toMatchObject({
    ...{ question: "function-answer", name: NAME, handler: "index.handler", timeoutSeconds: 300, memoryMebibytes: 256 },
    ...{ roleArn: given.Role, environment, program: PROGRAM, payload: '{"region":"eu-west-1"}' },
    interfaceIds: expect.arrayContaining(made.map(({ NetworkInterfaceId }) => NetworkInterfaceId)) as string[],
  });

  answer = { failed: true, payload: '{"errorMessage":"not what was ordered"}' };
  expect(await aws.lambda.invoke(NAME, "{}")).toEqual({
    ...{ failed: true, payload: { errorMessage: "not what was ordered" } },
  });

  const changed = { Variables: { ORDER_SHA256: "y" } };
  await call(`/${NAME}/configuration`, { method: "PUT", given: { Environment: changed } });
  await aws.lambda.invoke(NAME, "{}");
  expect(asked).toMatchObject({ environment: changed.Variables });
  expect(await call(`/${NAME}/configuration`, { method: "GET" })).toMatchObject({ LoggingConfig: LOGGING });
  expect(await interfaces()).toHaveLength(2);

  await call(`/${NAME}`, { method: "DELETE" });
  expect(await interfaces()).toEqual([]);
});
