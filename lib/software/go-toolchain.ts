/** What the go.mod files in `programs/` may be built with; a release of Go that is older or newer gives other bytes. */
export const GO_TOOLCHAIN = "go1.26.8";
