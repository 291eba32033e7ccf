import { CLUSTERS_AND_THEIR_GROUND } from "./bad-input/table";
import { testRows } from "./bad-input/test-rows";

testRows(CLUSTERS_AND_THEIR_GROUND);
