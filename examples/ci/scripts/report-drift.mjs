/** DRIFT=<exit code of drift.mjs> node report-drift.mjs <stack>: keeps one issue open as long as there is drift. */
import { readFileSync } from "node:fs";
import { framed, github, githubList, runUrl } from "./github.mjs";
import { main, stackArgument, variable, wordsFile } from "./stack.mjs";

const LABEL = "drift";

await main(async () => {
  const stack = stackArgument();
  const code = variable("DRIFT");
  // Nothing is known: the job itself fails, and an issue that is open stays so.
  if (code !== "0" && code !== "2") return 0;
  const title = `Drift in ${stack}`;
  const issues = await githubList(`/issues?state=open&labels=${LABEL}`);
  const open = issues.find((issue) => issue.title === title && !issue.pull_request);
  if (code === "2") {
    const body =
      "What is deployed is not as the program says: somebody changed it by another way, or a deploy waits for its approval. " +
      `An apply would do this:\n\n${framed(readFileSync(wordsFile(stack), "utf8"))}\n[Log of the run](${runUrl()})\n`;
    if (open) await github("PATCH", `/issues/${open.number}`, { body });
    else await github("POST", "/issues", { title, body, labels: [LABEL] });
  } else if (open) {
    await github("POST", `/issues/${open.number}/comments`, { body: `It is gone: [log of the run](${runUrl()}).` });
    await github("PATCH", `/issues/${open.number}`, { state: "closed" });
  }
  return 0;
});
