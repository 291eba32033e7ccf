import { OTHERS } from "./bad-input/table";
import { testRows } from "./bad-input/test-rows";

// Each token remembers where in the program it was made, which takes most of the time of thousands of small stacks.
jest.mock("cdktf/lib/tokens/private/stack-trace", () => ({ captureStackTrace: () => [] }));

testRows(OTHERS);
