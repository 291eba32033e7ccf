/** PULL_REQUEST=<number> node comment.mjs <stack>: says in a comment what the plan does, always the same one. */
import { readFileSync } from "node:fs";
import { framed, github, githubList, runUrl } from "./github.mjs";
import { main, stackArgument, variable, wordsFile } from "./stack.mjs";

await main(async () => {
  const stack = stackArgument();
  const number = variable("PULL_REQUEST");
  const marker = `<!-- plan of ${stack} -->`;
  const title = `### What this changes in \`${stack}\``;
  const body = `${marker}\n${title}\n\n${framed(readFileSync(wordsFile(stack), "utf8"))}\n[Log of the run](${runUrl()})\n`;
  const comments = await githubList(`/issues/${number}/comments`);
  const own = comments.find((comment) => comment.user?.type === "Bot" && comment.body.startsWith(marker));
  if (own) await github("PATCH", `/issues/comments/${own.id}`, { body });
  else await github("POST", `/issues/${number}/comments`, { body });
  return 0;
});
