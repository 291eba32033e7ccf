import { ApiCall } from "../fabric/api-call";
import { Asking, arnOf, tagContext } from "./asking";
import { Asked, asked, parametersOf, Question, unknown } from "./question";

interface Parameters {
  readonly Target?: string;
  readonly DocumentName?: string;
  readonly SessionId?: string;
}

/** Documents of AWS itself: their ARNs name no account. */
const OF_AWS = /^AWS-/;
/** The tag by which Session Manager says whose a session is. */
const SESSION_TAG = "aws:ssmmessages:session-id";

/** What a call of Systems Manager needs leave for: of those that are about sessions. */
export function systemsManagerQuestions(call: ApiCall, asking: Asking): Asked {
  const parameters = parametersOf<Parameters>(call);
  switch (call.action) {
    case "StartSession":
      return startQuestions(parameters, asking);
    case "ResumeSession":
    case "TerminateSession":
      return sessionQuestion(`ssm:${call.action}`, parameters?.SessionId, asking);
    default:
      return unknown(`what ssm:${call.action} needs is not known here`);
  }
}

const DATA_CHANNEL = /^\/v1\/data-channel\/([^/?]+)/;

/** What the plugin's data channel needs leave for. */
export function sessionChannelQuestions(call: ApiCall, asking: Asking): Asked {
  const id = DATA_CHANNEL.exec(call.path)?.[1];
  if (id === undefined) return unknown(`${call.method} ${call.path} of ssmmessages is not known here`);
  return sessionQuestion("ssmmessages:OpenDataChannel", decodeURIComponent(id), asking);
}

/**
 * The machine, and the document where one is named. Without one nobody is asked for a document, so that whoever's statement
 * wants it to be checked is refused (AWS Systems Manager User Guide, "Enforce a session document permission check when
 * starting a session": the user must name one then).
 */
function startQuestions(parameters: Parameters | undefined, asking: Asking): Asked {
  const { Target, DocumentName } = parameters ?? {};
  if (Target === undefined) return unknown("ssm:StartSession names no machine");
  const action = "ssm:StartSession";
  const check = { "ssm:SessionDocumentAccessCheck": String(DocumentName !== undefined) };
  const tags = asking.played.instances.find(({ id }) => id === Target)?.tags ?? {};
  const machine: Question = {
    ...{ action, resource: arnOf(asking, "ec2", `instance/${Target}`) },
    context: { ...check, ...tagContext("ssm:resourceTag", tags) },
  };
  if (DocumentName === undefined) return asked(machine);
  const resource = OF_AWS.test(DocumentName)
    ? `arn:aws:ssm:${asking.policies.region}::document/${DocumentName}`
    : arnOf(asking, "ssm", `document/${DocumentName}`);
  return asked(machine, { action, resource, context: check });
}

/** Policies name a session by its owner's id (AWS Systems Manager User Guide, "Sample IAM policies for Session Manager"). */
function sessionQuestion(action: string, id: string | undefined, asking: Asking): Asked {
  if (id === undefined) return unknown(`${action} names no session`);
  const session = asking.played.session(id);
  const resource = arnOf(asking, "ssm", `session/${session?.resourceId ?? id}`);
  const context = session ? tagContext("ssm:resourceTag", { [SESSION_TAG]: session.userId }) : {};
  return asked({ action, resource, context });
}
