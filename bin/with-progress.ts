import { progressFor, type Progress } from "../lib/software/progress";

/** Shows how work goes on while it does. */
export async function withProgress<T>(work: (progress: Progress) => Promise<T>): Promise<T> {
  const progress = progressFor();
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}
