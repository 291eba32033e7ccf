import { FlinkSession } from "./flink-session";

/** A session that answers each question with what is next for it, the last for ever. */
function sessionThatAnswers(answers: Readonly<Record<string, unknown[]>>): FlinkSession {
  const client = { run: () => Promise.reject(new Error("there is no machine")) };
  const session = new FlinkSession([], client as unknown as ConstructorParameters<typeof FlinkSession>[1]);
  const next = (path: string) => (answers[path].length > 1 ? answers[path].shift() : answers[path][0]);
  jest.spyOn(session, "get").mockImplementation(async (path) => next(path));
  jest.spyOn(session, "call").mockResolvedValue({ "request-id": "r" });
  return session;
}

const ON = { status: { id: "IN_PROGRESS" }, operation: null };
const done = (operation: object) => ({ status: { id: "COMPLETED" }, operation });

describe("a savepoint", () => {
  test("that is still on is waited for", async () => {
    const session = sessionThatAnswers({ "/jobs/j/savepoints/r": [ON, ON, done({ location: "s3p://x" })] });
    await expect(session.stopWithSavepoint("j", 60_000)).resolves.toBe("s3p://x");
  });

  test("that failed is told at once, with what its job says", async () => {
    const session = sessionThatAnswers({
      "/jobs/j/savepoints/r": [ON, done({ "failure-cause": { "stack-trace": "failed during stopping" } })],
      "/jobs/j/exceptions?maxExceptions=5": [{ exceptionHistory: { entries: [{ exceptionName: "IOException" }] } }],
    });
    await expect(session.stopWithSavepoint("j", 60_000)).rejects.toThrow(/failed during stopping[\s\S]*IOException/);
  });
});
