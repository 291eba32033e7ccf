import { makeTemporaryFolder } from "../temporary-folder";

/** What Jest does before all tests of a project. */
export default makeTemporaryFolder;
