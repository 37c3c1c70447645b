# What a person types to run, test and look after Spectrum; what each target does is in the script of its name in .make/.
.PHONY: help demo demo-check test test-push test-effect fuzz lighthouse dev lint bench bench-queue bench-pages bench-push
.PHONY: bench-team bench-rollup chaos verify-model sqlx sqlx-check front setup clean
.DEFAULT_GOAL := help
# The scripts run cargo, which has its own job server; one target at a time keeps their output readable.
.NOTPARALLEL:

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-18s %s\n' "$$name" "$$text"; done

demo: ## from a bare machine to a running Spectrum with sample members
	@exec .make/demo.sh

demo-check: ## the same without staying: asks every page and endpoint once and stops
	@exec .make/demo.sh --check

test: ## every test, the browser journeys included
	@exec .make/test.sh

test-push: ## the push channels against clients and servers that nobody here wrote
	@exec .make/test-push.sh

test-effect: ## the team's numbers against another implementation, of people whose truth is known
	@exec .make/test-effect.sh

fuzz: ## half an hour of what nobody would send: the API and everything that reads what comes from outside
	@exec .make/fuzz.sh

lighthouse: ## every screen as Lighthouse sees it on a slow phone; fails below 98 of 100 points, and takes some minutes
	@exec .make/lighthouse.sh

dev: ## the demo, built and started again whenever a file is saved
	@exec .make/dev.sh

lint: ## formatting, clippy, licences
	@exec .make/lint.sh

bench: ## measures the release build
	@exec .make/bench.sh

bench-rollup: ## an ended week for up to 100,000 members, and what leaving a session out costs
	@exec .make/bench.sh rollup exclude

chaos: ## 20,000 sessions while workers are killed and PostgreSQL goes down
	@exec .make/chaos.sh

bench-queue: ## measures our job queue beside four others
	@exec .make/bench-queue.sh

bench-pages: ## every screen over HTTP with 100,000 members, the week beside the same page by Next.js
	@exec .make/bench-pages.sh

bench-team: ## the team's pages and their nightly sums with 1,000,000 members and 50 million events (20 GB of disk)
	@exec .make/bench-team.sh

bench-push: ## pushes a second over TLS: ours beside node-apn and aioapns, with h2load as the ceiling
	@exec .make/bench-push.sh

verify-model: ## trains the model anew and compares it with the committed one
	@exec .make/verify-model.sh

front: ## the browser code alone, into target/site
	@exec .make/front.sh

sqlx: ## writes .sqlx anew after a query or a migration was changed
	@exec .make/sqlx.sh

sqlx-check: ## says whether .sqlx is up to date
	@exec .make/sqlx.sh --check

setup: ## installs what is missing, and nothing else
	@exec .make/setup.sh

clean: ## removes what was built; keeps downloaded tools and the demo's data
	@exec .make/clean.sh
