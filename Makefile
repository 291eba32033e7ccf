# What a person or a CI job runs. `make` alone lists it.
.PHONY: help node setup build lint test demo prove docs clean
.DEFAULT_GOAL := help

help: ## lists the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

node:
	@command -v node >/dev/null && command -v npm >/dev/null || \
	  { echo "setup: Node.js is not here: install Node.js 20.12 or newer with npm from https://nodejs.org" >&2; exit 1; }

setup: node ## checks the machine and installs what is missing
	@node scripts/setup.mjs

build: setup ## compiles the package into build/
	@node scripts/build.mjs

lint: setup ## types, lint rules and format
	@npx tsc --noEmit && npx eslint . && npx prettier --check .

test: setup ## every test, lab included where this machine can run it (LAB=required: it must)
	@node scripts/test.mjs

demo: node ## a cluster on this machine: deploy, job, leader killed, job goes on (KEEP=1 leaves it up)
	@node scripts/setup.mjs --packages
	@node_modules/.bin/ts-node --transpile-only test/lab/demo.ts

prove: build ## the long forms of every scenario; writes docs/records/
	@npx ts-node --transpile-only scripts/prepare.ts
	@PROVE=1 npx jest --selectProjects unit --testPathPattern test/properties/long
	@PROVE=1 npx jest --selectProjects package --testPathPattern test/package/long
	@PROVE=1 npx jest --selectProjects emulator --runInBand --testPathPattern "(postgresql|opensearch)-cluster|emulator/long"
	@PROVE=1 npx jest --selectProjects lab --runInBand

docs: setup ## writes the pages and pictures of docs/ that are made from code
	@npx ts-node --transpile-only scripts/generate-docs.ts
	@npx ts-node --transpile-only test/scenarios/log-overview/write-picture.ts
	@npx ts-node --transpile-only test/scenarios/metric-overview/write-pictures.ts

clean: ## removes what the targets above made in this folder
	@rm -rf build coverage cdktf.out .jsii *.tgz
