/** What CDKTF does at each synth and a run of tests need not do a hundred thousand times: nothing that it synthesizes depends on it. */

// Each token remembers where in the program it was made, which takes most of the time.
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));

// Each `terraform_data` starts Terraform to ask for its version. The answer to one of them holds for all of a test file.
jest.mock("cdktf/lib/validations/validate-binary-version", () => {
  const { ValidateBinaryVersion } = jest.requireActual<typeof import("cdktf/lib/validations/validate-binary-version")>(
    "cdktf/lib/validations/validate-binary-version",
  );
  const answers = new Map<string, string[]>();
  return {
    ValidateBinaryVersion: class extends ValidateBinaryVersion {
      public override validate(): string[] {
        const question = JSON.stringify([this.versionCommand, this.versionConstraint]);
        const answer = answers.get(question) ?? super.validate();
        answers.set(question, answer);
        return answer;
      }
    },
  };
});

// Each cluster reads and hashes the programs that come with this package. One that has not changed has the hash that it had.
jest.mock("../../../lib/software/package-part", () => {
  const actual = jest.requireActual<typeof import("../../../lib/software/package-part")>(
    "../../../lib/software/package-part",
  );
  const { statSync } = jest.requireActual<typeof import("node:fs")>("node:fs");
  const known = new Map<string, ReturnType<typeof actual.packagePart>>();
  return {
    ...actual,
    packagePart: (props: Parameters<typeof actual.packagePart>[0]) => {
      const stat = statSync(props.file, { throwIfNoEntry: false });
      const question = JSON.stringify([props, stat?.ino, stat?.size, stat?.mtimeMs]);
      const part = known.get(question) ?? actual.packagePart(props);
      known.set(question, part);
      return { ...part };
    },
  };
});
