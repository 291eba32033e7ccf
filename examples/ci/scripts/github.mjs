import { variable } from "./stack.mjs";

const PAGE = 100;
/** GitHub takes 65,536 characters. */
const LONGEST = 60_000;

/** One call of GitHub's API about this repository, with the token of the job. */
export async function github(method, path, body) {
  const url = `${process.env.GITHUB_API_URL ?? "https://api.github.com"}/repos/${variable("GITHUB_REPOSITORY")}${path}`;
  const answer = await fetch(url, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${variable("GITHUB_TOKEN")}`,
      "x-github-api-version": "2022-11-28",
    },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`GitHub answered ${method} ${path} with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** All of a list that GitHub gives in pages. */
export async function githubList(path) {
  const all = [];
  for (let page = 1; ; page++) {
    const some = await github("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
    all.push(...some);
    if (some.length < PAGE) return all;
  }
}

/** Text as it is, in a frame that nothing in it can end; what is too long is cut at the end of a line. */
export function framed(text) {
  const longestTicks = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longestTicks + 1);
  const shown = text.length <= LONGEST ? text : text.slice(0, text.lastIndexOf("\n", LONGEST) + 1 || LONGEST);
  const cut =
    shown.length < text.length ? "\nIt is longer than a comment may be: the rest stands in the log of the run.\n" : "";
  return `${fence}text\n${shown.trimEnd()}\n${fence}\n${cut}`;
}

/** Where the log of this run is. */
export function runUrl() {
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_RUN_ID } = process.env;
  return `${GITHUB_SERVER_URL}/${variable("GITHUB_REPOSITORY")}/actions/runs/${GITHUB_RUN_ID ?? ""}`;
}
