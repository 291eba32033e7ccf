import { removeTemporaryFolder } from "../temporary-folder";

/** What Jest does after all tests of a project. */
export default removeTemporaryFolder;
