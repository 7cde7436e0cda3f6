# Tidewal. `make help` lists the targets. Needs a JDK 25 and Maven 3.8 or newer; the JDK is found by dev/find-jdk.
.DEFAULT_GOAL := help
SHELL := /bin/sh
export JAVA_HOME := $(shell dev/find-jdk)
export MAVEN_OPTS += --sun-misc-unsafe-memory-access=allow
MVN := mvn -B
CRASH_ROUNDS ?= 200
CRASH_SEED ?=
BENCH_ARGS ?=
IMAGE_BASE ?= eclipse-temurin:25-jre

.PHONY: help run test crash bench dist cluster images e2e crds format lock locked jdk

help: ## Show this help
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

jdk:
	@test -n "$(JAVA_HOME)" || { dev/find-jdk; exit 1; }
	@command -v mvn >/dev/null || { echo "Tidewal needs Maven 3.8 or newer on the PATH (Debian, Ubuntu: apt install maven)." >&2; exit 1; }

run: dist ## Build, then show the main job live: replicate, lose, restore and compare a database (about 30 s)
	@dist/bin/tidewal demo

test: jdk ## Run all tests but the crash rounds
	$(MVN) test

crash: jdk ## Kill the sidecar, the application or both at random moments (CRASH_ROUNDS=200, CRASH_SEED=...)
	$(MVN) -pl sidecar -am test -Dtest.groups=crash -Dtest.excludedGroups= -Dcrash.rounds=$(CRASH_ROUNDS) -Dcrash.seed=$(CRASH_SEED)

bench: dist ## Run Tidewal and Litestream side by side and print one table (LITESTREAM_BIN or litestream on the PATH)
	dev/bench $(BENCH_ARGS)

dist: jdk ## Leave an unpacked distribution in dist/
	dev/dist

cluster: jdk ## Test the operator against a real cluster of its own (needs Docker; E2E_K3S_IMAGE)
	$(MVN) -pl operator -am test -Dtest.groups=cluster -Dtest.excludedGroups=

images: dist ## Make the images tidewal/sidecar and tidewal/operator in the local Docker (IMAGE_BASE=...)
	$(MVN) -q -Dfast -Dmaven.test.skip=true -Pimages -pl operator,images,e2e -am package -Dimage.base=$(IMAGE_BASE)

e2e: images ## Install the chart in a cluster of its own and show every scenario (needs Docker; E2E_K3S_IMAGE)
	$(MVN) -Dfast -pl e2e -am test -Dtest.groups=e2e -Dtest.excludedGroups=

crds: jdk ## Write the custom resource definitions from their records
	$(MVN) -q -pl crds -am test -Dtest=DefinitionsTest -Dsurefire.failIfNoSpecifiedTests=false -Dtest.jvmArgs=-Dcrds.write=true

format: jdk ## Format the code
	$(MVN) spotless:apply

lock: jdk ## Write the resolved dependency versions to dependencies.lock (CI compares with it)
	dev/lock --write

locked: jdk
	dev/lock
