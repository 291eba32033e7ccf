import { PolicyDocument, Statement, statementsOf } from "./policies";
import { Question } from "./question";

/*
 * What the simulator knows otherwise than AWS has it. Policies, and what is asked of them, are given to it with other names
 * for these, which nobody has for anything else:
 * - it drops condition keys that have a variable part behind a colon (`kms:EncryptionContext:<name>`), but knows those with
 *   one behind a slash;
 * - it knows no document without an account, which AWS's own are (their names begin with `AWS-`, as no other's may);
 * - it knows no resource of `ssmmessages:OpenDataChannel`, as the Service Authorization Reference names none; the sample
 *   policies of the AWS Systems Manager User Guide name sessions.
 */
const ENCRYPTION_CONTEXT = { own: /"kms:EncryptionContext:/gi, standIn: '"aws:PrincipalTag/encryption-context/' };
const OWN_NAME = /^kms:EncryptionContext:/i;
const DOCUMENT_OF_AWS = /(:ssm:[a-z0-9-]*:):(document\/AWS-)/g;
const CHANNEL = { own: "ssmmessages:OpenDataChannel", standIn: "ssm:LabelParameterVersion" };
const SESSION = { own: ":session/", standIn: ":parameter/session/" };

const renamed = new WeakMap<PolicyDocument, PolicyDocument>();

/** The same policy, with the simulator's names. */
export function withStandIns(document: PolicyDocument, accountId: string): PolicyDocument {
  let found = renamed.get(document);
  if (!found) {
    const text = JSON.stringify(document);
    const other = documentsOf(text.replace(ENCRYPTION_CONTEXT.own, ENCRYPTION_CONTEXT.standIn), accountId);
    const same = other === text && !text.includes(CHANNEL.own);
    found = same ? document : withChannels(JSON.parse(other) as PolicyDocument);
    renamed.set(document, found);
  }
  return found;
}

/** The same question, with the simulator's names. */
export function asStandIn({ action, resource, context }: Question, accountId: string) {
  const ofChannel = action === CHANNEL.own;
  return {
    action: ofChannel ? CHANNEL.standIn : action,
    resource: ofChannel ? resource.replace(SESSION.own, SESSION.standIn) : documentsOf(resource, accountId),
    context: Object.fromEntries(
      Object.entries(context).map(([name, value]) => [
        name.replace(OWN_NAME, ENCRYPTION_CONTEXT.standIn.slice(1)),
        typeof value === "string" ? value : [...value],
      ]),
    ),
  };
}

function documentsOf(text: string, accountId: string): string {
  return text.replace(DOCUMENT_OF_AWS, `$1${accountId}:$2`);
}

/** In a statement about nothing else. */
function withChannels(document: PolicyDocument): PolicyDocument {
  const replaced = (statement: Statement): Statement =>
    [statement.Action].flat().every((action) => action === CHANNEL.own)
      ? (JSON.parse(
          JSON.stringify(statement).replaceAll(CHANNEL.own, CHANNEL.standIn).replaceAll(SESSION.own, SESSION.standIn),
        ) as Statement)
      : statement;
  return { ...document, Statement: statementsOf(document).map(replaced) };
}
