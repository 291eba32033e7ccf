import { SYSTEMS } from "./bad-input/table";
import { testRows } from "./bad-input/test-rows";

testRows(SYSTEMS);
