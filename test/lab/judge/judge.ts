import { ADMINISTRATOR } from "../../emulator/clients";
import { Vpc } from "../account";
import { ApiCall, Judge, Verdict } from "../fabric/api-call";
import { credentialProblem } from "./credential-problem";
import { Decision } from "./decision";
import { userIdOf } from "./caller-context";
import { decide, decideForService, denied } from "./evaluate";
import { AccountPolicies, RolePolicies } from "./policies";
import { NOTHING_PLAYED, Played } from "./played";
import { IssuedKey, IssuedKeys, issuedBy, partsOfSession, principalName, RoleSession } from "./principals";
import { Question } from "./question";
import { questionsOf } from "./questions";
import { ResourceKinds } from "./resource-kind";
import { networkOf, Route, routeOf } from "./route";
import { mayKnowWhatIsMissing } from "./s3-questions";
import { signatureProblem } from "./signature";

/** Where the judge has the policies from. */
export interface PolicySource {
  /** As they are now; read anew only after `invalidate`. */
  current(): Promise<AccountPolicies>;
  /** Something changed, or may have. */
  invalidate(): void;
}

/** Decisions that are remembered; more than a session has roles, prefixes and keys in use at one time. */
const MOST_REMEMBERED = 20_000;
const READS = /^(Describe|Get|List|Head|Lookup|Search)/;

/**
 * Decides every call as AWS would: by who signed it, by the way that it came, and by the policies of the caller's role,
 * of the thing it is about and of the endpoint that it went through, with their conditions; and with them the calls of
 * KMS that S3 and Secrets Manager make in the caller's name. The operator with the account's own keys may do everything.
 */
export class AccountJudge {
  private readonly keys = new IssuedKeys();
  private readonly remembered = new Map<string, Promise<Decision>>();
  private kinds?: { readonly policies: AccountPolicies; readonly kinds: ResourceKinds };
  /** Things that the account did not have when it was looked at for their sake. */
  private readonly missing = new Set<string>();

  public constructor(
    private readonly policies: PolicySource,
    /** The account's networks as they are now: nobody within one is the operator. */
    private readonly networks: () => readonly Vpc[],
    private readonly now: () => number = Date.now,
    private readonly played: () => Played = () => NOTHING_PLAYED,
  ) {}

  public readonly judge: Judge = async (call) => {
    const networks = this.networks();
    // Without a look at the policies, which most of these calls change.
    if (call.accessKeyId === ADMINISTRATOR.accessKeyId && !networkOf(call, networks)) return this.administrator(call);
    const key = call.accessKeyId === undefined ? undefined : this.keys.of(call.accessKeyId);
    if (!key) return refused("caller", call, `${call.accessKeyId ?? "no key"} was handed out to nobody`, "anonymous");
    const problem = await signatureProblem(call, key);
    if (problem) {
      return refused("signature", call, problem, principalName(key.session), "SignatureDoesNotMatch");
    }
    const use = credentialProblem(call, key, this.now());
    if (use) return refused(use.layer, call, use.why, principalName(key.session), use.code);
    const policies = await this.policies.current();
    return this.ofSession(call, key.session, routeOf(call, policies, networks), policies);
  };

  /** Told of credentials that were handed out. */
  public learn(key: IssuedKey): void {
    this.keys.learn(key);
  }

  /** The same of an answer of STS. */
  private readonly learnAnswer = (answer: Buffer): void => {
    const issued = issuedBy(answer.toString("utf8"));
    if (issued) this.learn(issued);
  };

  /** Whether a service of AWS may take a role, as EC2 does for a machine. */
  public async serviceMayAssume(service: string, roleArn: string): Promise<Verdict> {
    const question: Question = {
      ...{ action: "sts:AssumeRole", resource: roleArn, guardedBy: { role: roleArn }, context: {} },
    };
    const policies = await this.knowing([question], await this.policies.current());
    return verdictOf(service, [await decideForService(service, question, policies)]);
  }

  private administrator(call: ApiCall): Verdict {
    const verdict = { allowed: true, reason: "administrator of the account", principal: "administrator" };
    // What a person has who takes a role.
    if (call.service === "sts") return { ...verdict, learn: this.learnAnswer };
    if (changesNoPolicy(call)) return verdict;
    this.policies.invalidate();
    return { ...verdict, answered: () => this.policies.invalidate() };
  }

  private async ofSession(call: ApiCall, session: RoleSession, route: Route, known: AccountPolicies): Promise<Verdict> {
    const who = principalName(session);
    if (route.kind === "none") return refused("route", call, route.why, who);
    const { roleName, accountId } = partsOfSession(session);
    const [role, policies] =
      accountId === known.accountId ? await this.roleOf(roleName, known) : [foreignRole(accountId, roleName), known];
    if (!role) return refused("caller", call, `there is no role ${roleName} in the account`, who);
    const asked = questionsOf(call, { role, policies, played: this.played() });
    const caller = { userId: userIdOf(role, session), callerArn: session.sessionArn };
    if (asked.kind === "unknown") return refused("judge", call, `cannot be judged: ${asked.why}`, who);
    if (asked.kind === "not granted") {
      const { action, resource = "*", why } = asked;
      return { ...verdictOf(who, [denied({ action, resource }, "identity", why)]), ...caller };
    }
    if (asked.kind === "free") return { allowed: true, reason: `${asked.action} is free to all`, principal: who };
    const decideAll = async (questions: readonly Question[]) => {
      const now = await this.knowing(questions, policies);
      return verdictOf(
        who,
        await Promise.all(questions.map((question) => this.remember(session, role, call, route, question, now))),
      );
    };
    const verdict = await decideAll(asked.questions);
    if (!verdict.allowed) return { ...verdict, ...caller };
    const takesRole = call.service === "sts";
    const ifMissing = call.service === "s3" ? mayKnowWhatIsMissing(call) : undefined;
    return {
      ...{ ...verdict, ...caller },
      ...(takesRole && { learn: this.learnAnswer }),
      ...(ifMissing && { ifMissing: () => decideAll([ifMissing]) }),
    };
  }

  private async roleOf(name: string, known: AccountPolicies): Promise<[RolePolicies | undefined, AccountPolicies]> {
    const find = (policies: AccountPolicies) => policies.roles.find((role) => role.name === name);
    const found = find(known);
    if (found) return [found, known];
    const anew = await this.lookAgain(`role ${name}`, known);
    return [find(anew), anew];
  }

  /** The policies, read anew if a question is about something that they do not hold yet. */
  private async knowing(questions: readonly Question[], known: AccountPolicies): Promise<AccountPolicies> {
    let policies = known;
    for (const { guardedBy } of questions) {
      if (!guardedBy || holds(policies, guardedBy)) continue;
      policies = await this.lookAgain(JSON.stringify(guardedBy), policies);
    }
    return policies;
  }

  /** Once for each thing: what is not there then was never there. Changes that come through the front are seen anyhow. */
  private async lookAgain(thing: string, known: AccountPolicies): Promise<AccountPolicies> {
    if (this.missing.has(thing)) return known;
    this.missing.add(thing);
    this.policies.invalidate();
    return this.policies.current();
  }

  private async remember(
    session: RoleSession,
    role: RolePolicies,
    call: ApiCall,
    route: Route,
    question: Question,
    policies: AccountPolicies,
  ): Promise<Decision> {
    if (this.kinds?.policies !== policies || this.remembered.size >= MOST_REMEMBERED) {
      this.remembered.clear();
      this.kinds = { policies, kinds: new ResourceKinds(policies) };
    }
    const endpoint = route.kind === "endpoint" ? route.endpoint : undefined;
    const kind = { ...question, resource: this.kinds.kinds.of(question.resource) };
    const key = JSON.stringify([session.sessionArn, call.from, call.tls, endpoint?.id, kind]);
    let decision = this.remembered.get(key);
    if (!decision) {
      decision = decide(session, role, { from: call.from, tls: call.tls, endpoint }, question, policies);
      this.remembered.set(key, decision);
    }
    return { ...(await decision), resource: question.resource };
  }
}

/** What another account allows its own roles is not known: all of it, so that the policies on this side have to hold. */
function foreignRole(accountId: string, name: string): RolePolicies {
  const anything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  return {
    ...{ arn: `arn:aws:iam::${accountId}:role/${name}`, name, id: "foreign", tags: {}, trust: { Statement: [] } },
    identity: [{ name: "anything", document: anything }],
  };
}

function holds(policies: AccountPolicies, thing: NonNullable<Question["guardedBy"]>): boolean {
  if ("bucket" in thing) return policies.buckets.some(({ name }) => name === thing.bucket);
  if ("key" in thing) return policies.keys.some(({ arn }) => arn === thing.key);
  if ("secret" in thing) return policies.secrets.some(({ arn }) => arn === thing.secret);
  return policies.roles.some(({ arn }) => arn === thing.role);
}

/** Whether a call of the operator leaves all policies, and all that they are about, as they are. */
function changesNoPolicy(call: ApiCall): boolean {
  switch (call.service) {
    case "s3":
      // Of an object or reading: neither makes a bucket nor changes one.
      return call.method === "GET" || call.method === "HEAD" || /^\/[^/?]+\/[^?]/.test(pathWithBucket(call));
    case "iam":
    case "kms":
      return READS.test(call.action);
    case "secretsmanager":
      return READS.test(call.action) || call.action === "PutSecretValue";
    case "ec2":
      return !/^(Create|Modify|Delete)(VpcEndpoint|Vpc)/.test(call.action);
    default:
      return true;
  }
}

function pathWithBucket(call: ApiCall): string {
  const bucket = /^(.+)\.s3[.-]/.exec(call.host)?.[1];
  return bucket === undefined ? call.path : `/${bucket}${call.path}`;
}

function refused(layer: Decision["layer"] & string, call: ApiCall, why: string, who: string, code?: string): Verdict {
  const about = { action: `${call.service}:${call.action}`, resource: call.host };
  return { ...verdictOf(who, [denied(about, layer, why)]), ...(code && { code }) };
}

/** A call is allowed if everything that it needs is. */
function verdictOf(principal: string, decisions: readonly Decision[]): Verdict {
  const no = decisions.find(({ allowed }) => !allowed);
  if (!no) return { allowed: true, reason: decisions.map(({ reason }) => reason).join(" | "), principal, decisions };
  const reason = `${principal} may not ${no.action} on ${no.resource} (${no.layer}): ${no.reason}`;
  return { allowed: false, reason, principal, decisions };
}
