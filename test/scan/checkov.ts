import { join, relative } from "node:path";
import { ensurePythonEnvironment } from "../support/python-environment";
import { run } from "../support/process";

/** What checkov found of one resource by one of its checks. */
export interface CheckResult {
  /** Id of the check, such as `CKV_AWS_24`. */
  readonly rule: string;
  /** The resource, as `<type>.<id>` or, where a check looks at it alone, as `resource.<id>` or `data.<id>`. */
  readonly address: string;
  /** What the check demands, in checkov's words. */
  readonly demand: string;
  /** Folder of the stack that holds the resource. */
  readonly folder: string;
  readonly passed: boolean;
}

/** The part of checkov's report that is used here. */
interface Report {
  readonly summary?: { readonly parsing_errors: number; readonly skipped: number };
  readonly results?: Readonly<Record<"passed_checks" | "failed_checks", readonly ReportedCheck[]>>;
}

interface ReportedCheck {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
  /** Below the folder that was scanned, beginning with a slash. */
  readonly file_path: string;
}

/** Reads synthesized programs. With `terraform` it reads none of them, and reports that nothing is wrong. */
const FRAMEWORK = "terraform_json";
/** Nothing listens there: what the scanner would fetch or send fails at once, here and on a machine without internet. */
const NO_WAY_OUT = "http://127.0.0.1:9";

/** The Python interpreter that has checkov. */
export function ensureCheckov(): Promise<string> {
  const requirements = join(__dirname, "checkov", "requirements.txt");
  return ensurePythonEnvironment({ name: "checkov", title: "the scanner checkov", requirements });
}

/** Scans every stack below a folder in one run, with no configuration of the user's and no network. */
export async function scan(folder: string): Promise<CheckResult[]> {
  const argv = ["-m", "checkov.main", "--directory", folder, "--framework", FRAMEWORK];
  const { stdout } = await run(
    [await ensureCheckov(), ...argv, "--skip-download", "--soft-fail", "--compact", "--output", "json"],
    {
      cwd: folder,
      env: {
        ...ownVariables(),
        HOME: folder,
        ...Object.fromEntries(
          ["http_proxy", "https_proxy"].flatMap((n) => [n, n.toUpperCase()]).map((n) => [n, NO_WAY_OUT]),
        ),
        no_proxy: undefined,
        NO_PROXY: undefined,
      },
    },
  );
  const { summary, results } = JSON.parse(stdout) as Report;
  if (!summary || !results) throw new Error(`checkov read nothing below ${folder}:\n${stdout}`);
  if (summary.parsing_errors > 0) throw new Error(`checkov could not read ${summary.parsing_errors} of the stacks`);
  // What a comment in a program waives would stand in no list of ours.
  if (summary.skipped > 0) throw new Error(`checkov was told to skip ${summary.skipped} checks: use docs/waivers.md`);
  return [...results.passed_checks.map(checked(folder, true)), ...results.failed_checks.map(checked(folder, false))];
}

function checked(root: string, passed: boolean): (check: ReportedCheck) => CheckResult {
  return ({ check_id, check_name, resource, file_path }) => ({
    rule: check_id,
    address: resource,
    demand: check_name,
    folder: join(root, relative("/", file_path), ".."),
    passed,
  });
}

/** Variables that would configure the scanner, unset. */
function ownVariables(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) =>
    /^(CKV|CHECKOV|BC_|PRISMA|REPO_|LOG_LEVEL|PYTHON)/.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
