import { IConstruct } from "constructs";
import { OptionNames, requireOptionsOf, requireText } from "../validation";
import { checkInputOf } from "./refusals";
import { isTextToken, requireKnown } from "./text";

/** What the IAM roles below a scope have in common, as a company's own rules ask for it. */
export interface RoleRulesOptions {
  /**
   * ARN of a managed policy that bounds what the roles may ever do, such as
   * `arn:aws:iam::123456789012:policy/flink-boundary`: of your account or of AWS. What it must let through is in
   * docs/company.md. It can be given and changed later; IAM takes it over at once.
   * Refused: what is no ARN of a managed policy.
   *
   * @default - none
   */
  readonly permissionsBoundaryArn?: string;

  /**
   * Path of the roles and of the machines' instance profile, such as `/flink/`: begins and ends with a slash, of at most 512
   * letters, digits and `_+=,.@-/`. Choose it before the first deploy: a role cannot change its path, so that another one
   * makes all roles anew.
   *
   * @default "/"
   */
  readonly path?: string;
}

const OPTIONS: OptionNames<RoleRulesOptions> = { permissionsBoundaryArn: true, path: true };
const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/;
/** IAM takes stranger ones; by these, no policy that names it means another one. */
const PATH = /^(?=.{1,512}$)\/(?:[\w+=,.@-]+\/)*$/;
const RULES = new WeakMap<IConstruct, RoleRulesOptions>();

/**
 * Rules for all IAM roles that this library makes: `RoleRules.of(stack).apply({ permissionsBoundaryArn, path })` holds for
 * those of the stack, `RoleRules.of(app)` for those of all stacks, whether they are made before or after it.
 */
export class RoleRules {
  /**
   * The rules of a part of the program.
   *
   * @param scope the construct, such as a stack or the app, below which they hold
   */
  public static of(scope: IConstruct): RoleRules {
    return new RoleRules(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * Gives the rules. Of several scopes the nearest one above a role counts for each of the two; what is given again for a scope
   * takes the place of what was given before.
   *
   * @param options what the roles have in common; what is none is refused
   */
  public apply(options: RoleRulesOptions): void {
    checkInputOf(this.scope, () => {
      requireOptionsOf("the argument of RoleRules.apply", options, OPTIONS, '{ path: "/flink/" }');
      const { permissionsBoundaryArn: arn, path } = options;
      if (arn !== undefined && !isTextToken(arn)) {
        const example = "arn:aws:iam::123456789012:policy/flink-boundary";
        requireText("permissionsBoundaryArn", arn, POLICY_ARN, `the ARN of a managed policy, such as ${example}`);
      }
      if (path === undefined) return;
      requireKnown("path", path, "it is part of what is checked and written at synth");
      requireText("path", path, PATH, 'a path that begins and ends with a slash, such as "/flink/"');
    });
    RULES.set(this.scope, options);
  }
}

/** The one that holds for a role that stands in the scope; undefined where none was given. */
export function roleRule(scope: IConstruct, name: keyof RoleRulesOptions): string | undefined {
  const nearestFirst = [...scope.node.scopes].reverse();
  return nearestFirst.map((each) => RULES.get(each)?.[name]).find((value) => value !== undefined);
}
