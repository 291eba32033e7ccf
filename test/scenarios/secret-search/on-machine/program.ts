import { Matcher } from "../matcher";
import { collect } from "./collect";
import { searchFiles } from "./files";
import { plant, uproot } from "./plant";
import { searchProcesses } from "./processes";
import { searchJournal, searchUnits } from "./systemd";
import { Answers, SearchTask, Task } from "./task";

async function search(task: SearchTask): Promise<Answers["search"]> {
  const matcher = new Matcher(
    task.needles.map((needle) => ({ ...needle, bytes: Buffer.from(needle.bytes, "base64") })),
  );
  return [
    ...(await searchProcesses(task.viewers, matcher)),
    await searchUnits(task.lister, matcher),
    await searchJournal(matcher),
    ...(await searchFiles(task, matcher)),
  ];
}

async function carryOut(task: Task): Promise<Answers[keyof Answers]> {
  switch (task.task) {
    case "search":
      return search(task);
    case "collect":
      return collect(task);
    case "plant":
      return plant(task);
    case "uproot":
      uproot(task);
      return null;
  }
}

/** Its task was laid down by `LOADER`; its answer is the one thing that it prints, and its failure holds no secret. */
carryOut((globalThis as unknown as { task: Task }).task).then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
