# 议事：make run 启动产品，make test 跑全部测试。Needs Python >= 3.11, make and git; nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.9
ASSETS := web/static/dist/manifest.json
FRONTEND := $(wildcard web/frontend/*.json web/frontend/*.mjs web/frontend/*.py web/frontend/.npmrc web/frontend/src/* \
  web/frontend/src/*/* web/frontend/src/*/*/*)

# A stamp is newer than what it was made from: a second start only compares dates.
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
CLIENTS := $(VENV)/.clients-installed

export PYTHONUTF8 := 1
export PYTHONPATH :=

.PHONY: help run test check lint bench faults lock clean

help: ## 列出命令 · list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) $(ASSETS) ## 启动（首次约一分钟）· serve the product; PORT and DATABASE_URL override
	@exec $(VENV)/bin/yishi run

test: $(DEV) $(ASSETS) $(CLIENTS) ## 全部测试 · every test, as CI runs them; browser tests need Chromium
	@$(PY) tests/browser/chromium.py
	@$(PY) -m pytest --numprocesses=auto $(ARGS)

check: lint test ## 先快后全 · formatting, lint, types and import contracts first, then every test

lint: $(DEV) ## 格式、规范、类型、依赖方向 · ruff, mypy, import-linter
	@$(PY) -m pytest --quiet tests/architecture/test_static_checks.py

bench: $(DEV) ## 基准测试 · benchmarks
	@$(PY) -m bench $(ARGS)

faults: $(DEV) $(ASSETS) ## 故障注入 · the long forms of the fault tests (hours); FAULT_SEED repeats a run
	@FAULTS=long $(PY) -m pytest --capture=no tests/faults $(ARGS)

lock: $(RUNTIME) ## 重新锁定依赖 · write the lock files anew; ARGS=--upgrade takes newer versions
	@echo "· 重新解析依赖… resolving"
	@$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(call compile,pyproject.toml,requirements.lock)
	@$(call compile,--group build,requirements-build.lock)
	@$(call compile,--group dev -c requirements.lock -c requirements-build.lock,requirements-dev.lock)

clean: ## 删除可再生成的文件（不动数据）· remove what make has made, never data
	rm -rf $(VENV) web/static/dist web/frontend/node_modules dist .mypy_cache .pytest_cache .ruff_cache \
	  .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

compile = $(UV) pip compile $(1) --quiet $(ARGS) --universal --python-version 3.11 --generate-hashes --no-annotate \
  --custom-compile-command "make lock" --output-file $(2) > /dev/null

$(PY):
	@python=$$(for name in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14; do \
	  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done); \
	if [ -z "$$python" ]; then echo "找不到 Python 3.11 或更新版本，请先安装。Python >= 3.11 is needed." >&2; exit 1; fi; \
	echo "· 创建虚拟环境… making .venv with $$($$python --version)"; \
	$$python -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "创建失败：请安装 venv 模块（Debian/Ubuntu：apt install python3-venv）。" >&2; exit 1; }

$(RUNTIME): requirements.lock requirements-build.lock pyproject.toml | $(PY)
	@echo "· 安装运行依赖（首次约 30 秒）… installing pinned dependencies"
	@$(PIP) -r requirements.lock -r requirements-build.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "· 安装测试依赖（首次约 30 秒）… installing test dependencies"
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(CLIENTS): $(wildcard tests/clients/*.lock tests/clients/*.json) | $(DEV)
	@echo "· 安装测试用的接口客户端（首次约 40 秒）… installing the API clients the tests use"
	@$(PY) -m tests.clients.install
	@touch $@

$(ASSETS): $(FRONTEND) | $(RUNTIME)
	@$(PY) web/frontend/hatch_build.py
