# Gatehouse: `make demo` shows it, `make check` tests it without Docker, `make test` tests all of it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help check contract lint types unit unit-quick test images httpd molecule molecule-2.18 sanity package documents golden changelog fuzz demo demo-down oracle benchmark benchmark-check clean

PYTHON ?= python3
SCENARIO ?= default
checkout := .cache/collections/ansible_collections/gatehouse/apache

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/collections
# Some machines set it; each start of Ansible would then compile all of Ansible again, which doubles what a start costs.
unexport PYTHONDONTWRITEBYTECODE

help: ## Say what can be made
	@sed -n 's/^\([a-z.0-9-]*\):.*## \(.*\)/make \1|\2/p' Makefile | column -t -s '|'

check: .venv/made ## Lint, types and the quick unit tests, without Docker
	$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types unit-quick

lint: .venv/made
	ruff check .
	ruff format --check .
	yamllint --strict .
	ansible-lint
	antsibull-changelog lint

types: .venv/made
	mypy plugins/module_utils/_httpd plugins/module_utils/_host tests/suite

unit: .venv/made
	pytest --numprocesses 2 --dist worksteal tests/unit

unit-quick: .venv/made
	QUICK=1 pytest --numprocesses 2 --dist worksteal -m 'not playbook' tests/unit

contract: .venv/made ## Try the contract of a concern with one that uses every part of it
	pytest --numprocesses 2 tests/throwaway

test: ## Everything but the benchmarks; installs and starts what it needs
	"$(PYTHON)" tests/suite/suite.py

images: ## Build the test images, with an engine to build them in
	molecule/shared/engine
	molecule/shared/images/build

httpd: ## Ask the real httpd, inside the test image (TAG=debian12, PART=1/2 for half of what is random)
	molecule/shared/httpd $(or $(TAG),debian12)

molecule: .venv/made ## Run one scenario: make molecule SCENARIO=balancers
	molecule test -s $(SCENARIO)

molecule-2.18: .venv/made .cache/venv-2.18/made ## The same with ansible-core 2.18
	PATH="$(CURDIR)/.cache/venv-2.18/bin:$$PATH" GATEHOUSE_COLLECTIONS="$$(echo $(CURDIR)/.venv/lib/python3*/site-packages)" \
		molecule test -s $(SCENARIO)

sanity: .venv/made ## ansible-test sanity, in a copy where it finds the collection's path
	tests/sanity/run

package: .venv/made ## Build the collection's tarball, and show it to those who take it in
	pytest tests/package

documents: .venv/made ## Write what is generated from the core: pages, specs, roles' tasks
	python tools/generate_docs.py

golden: .venv/made ## Write the golden releases anew; their diff is what to read
	python tests/unit/test_golden.py

changelog: .venv/made ## Write CHANGELOG.md from its fragments
	tools/changelog

fuzz: .venv/made ## Try 200,000 inputs on the core: none may crash it, none may take a second
	python tests/fuzz/run.py 200000

demo: .venv/made images ## Two proxies and their origins, deployed and asked
	demo/up

demo-down: .venv/made ## Remove the demo
	demo/down

oracle: images ## Ask httpd and the resolver the same, 100,000 times and more; writes docs/oracle.md (SEED=1)
	molecule/shared/oracle $(or $(TAG),debian12) $(or $(SEED),1)

benchmark: .venv/made images ## Measure what a run costs; writes benchmarks/RESULTS.md (AGAINST=REVISION measures that too)
	benchmarks/converge $(if $(AGAINST),--against $(AGAINST))

benchmark-check: .venv/made ## Measure what checking costs a rule; writes benchmarks/CHECK.md (AGAINST=REVISION measures that too)
	benchmarks/check $(if $(AGAINST),--against $(AGAINST))

clean: ## Remove what was built here (not the images)
	rm -rf .venv .cache

.venv/made: requirements.txt
	tests/venv "$(PYTHON)" .venv requirements.txt
	mkdir -p $(dir $(checkout))
	ln -sfn $(CURDIR) $(checkout)
	touch $@

.cache/venv-2.18/made: requirements-2.18.txt
	tests/venv "$(PYTHON)" .cache/venv-2.18 requirements-2.18.txt
	touch $@
