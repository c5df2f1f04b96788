# make run    serves everything on this machine, without any setting
# make build  makes the one program: ./anning, with flows, content and page inside
# make test   installs what the tests need where it is absent, and runs everything
# make soak   the long tests, again and again
# make bench  measures the engine beside a hand-written switch, the whole program beside a bare webhook, and the stores
# make bench-webhook  only the whole program, a minute and a half
# make model  teaches the model of content/understand anew, from content/examples
# make understand  measures how well it understands: what it never learnt from, and a corpus elsewhere (CORPUS=folder)
# make graph  draws every flow into build/flows

GO ?= go
PACKAGES = ./...
TIMEOUT ?= 18m
# cmd and e2e start the whole program again and again, which takes seconds each time under the race detector: make soak
# runs them with it. What walks everything that ships, in one thread, runs without it too
WHOLE = ^(TestExploreReachesEveryStep|TestEveryShippedQuestionIsAnswered|TestEveryoneReachesAReportingChannel)$$

.PHONY: run build test tools check soak bench bench-webhook graph image

run:
	$(GO) run ./cmd/anning

build:
	CGO_ENABLED=0 $(GO) build -trimpath -o anning ./cmd/anning

test: tools check
	$(GO) test -race -shuffle=on -timeout $(TIMEOUT) $$($(GO) list $(PACKAGES) | grep -v -e /cmd/ -e /e2e/)
	$(GO) test -shuffle=on -timeout $(TIMEOUT) ./cmd/... ./e2e/...
	$(GO) test -run '$(WHOLE)' -timeout $(TIMEOUT) ./bot
	if [ -f bench/go.mod ]; then cd bench && $(GO) vet ./... && $(GO) test ./...; fi

# check is what needs no test to run.
check:
	@unformatted="$$(gofmt -l .)"; if [ -n "$$unformatted" ]; then echo "gofmt -w these:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet $(PACKAGES)
	$(GO) run ./cmd/anning check

# tools are the programs that the tests start: real Redis, a real browser with Chinese letters, and axe-core in it.
tools:
	@missing=""; \
	command -v redis-server >/dev/null || missing="$$missing redis-server"; \
	command -v "$${CHROMIUM:-chromium}" >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	[ -n "$$(fc-list :lang=zh 2>/dev/null | head -1)" ] || missing="$$missing fonts-noto-cjk fontconfig"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	command -v "$${CC:-gcc}" >/dev/null || missing="$$missing gcc libc6-dev"; \
	if [ -n "$$missing" ]; then \
	  root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
	  echo "installing$$missing"; \
	  $$root apt-get update -q && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing || exit 1; \
	fi
	@[ -f bot/web/testdata/axe/node_modules/axe-core/axe.min.js ] || npm ci --silent --no-audit --no-fund --prefix bot/web/testdata/axe
	@[ -d e2e/telegram/node_modules/grammy ] || npm ci --silent --no-audit --no-fund --prefix e2e/telegram
	@[ -d e2e/wechat/node_modules/ical.js ] || npm ci --silent --no-audit --no-fund --prefix e2e/wechat

# soak runs everything SOAK times with other seeds, then each fuzzer for FUZZ.
SOAK ?= 5
FUZZ ?= 60s
soak: tools
	$(GO) test -race -shuffle=on -count=$(SOAK) -timeout 120m $(PACKAGES)
	@for pkg in $$($(GO) list $(PACKAGES)); do \
	  for fuzz in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz'); do \
	    echo "$$pkg $$fuzz"; $(GO) test -run '^$$' -fuzz "^$$fuzz\$$" -fuzztime $(FUZZ) $$pkg || exit 1; \
	  done; \
	done

bench: tools
	cd bench && $(GO) test -run '^$$' -bench . -benchmem ./...
	$(GO) test -run '^$$' -bench . -benchmem ./storage/...

bench-webhook: tools
	cd bench && $(GO) test -run '^$$' -bench Webhook -benchtime 1x .

model:
	$(GO) run ./cmd/anning understand -fit content/examples

CORPUS ?=
understand:
	$(GO) run ./cmd/anning understand -measure content/understand/testdata/blind $(CORPUS)

graph:
	$(GO) run ./cmd/anning graph -svg build/flows

image:
	docker build -t anning .
