import { OTHERS } from "./bad-input/table";
import { testRows } from "./bad-input/test-rows";

testRows(OTHERS);
