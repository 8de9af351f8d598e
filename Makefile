# つなぐ：二つの命令で足りる。 make demo（動かしてみる）／make test（確かめる）
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := var/demo
SERVE ?= 1
HOST ?= 127.0.0.1
PORT ?= 8000
CODE := graph matching ingest casework maps reports api benchmarks tests

.PHONY: help install install-dev demo test check lint format docs faults bench lock system clean

help: ## 使い方を表示する
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11以上が要ります。PYTHON=python3.11 のように指定してください。' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo '仮想環境を作れません。Debian/Ubuntuでは python3-venv を入れてください。' >&2; exit 1; }

$(VENV)/.installed: requirements.lock pyproject.toml hatch_build.py matching/index/kernel.c | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## 製品に要るものを .venv に入れる

install-dev: $(VENV)/.installed-dev ## 試験に要るものも入れる

demo: install ## 見本の市を取り込み、照合・地図・不足の報告を出し、画面を開く（SERVE=0 で画面なし）
	@DEMO='$(DEMO)' SERVE='$(SERVE)' HOST='$(HOST)' PORT='$(PORT)' TSUNAGU='$(BIN)/tsunagu' bash tests/demo.sh

system: ## 試験に要るシステムの部品を確かめる（Debian系でrootなら入れる）
	@PYTHON="$(PYTHON)" bash tests/system.sh

test: system install-dev ## すべての試験を動かす
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(PYTEST)

lint: install-dev ## 形・型・依存の向きを確かめる
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install-dev ## 形を整える
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

check: lint test ## 形・型・依存の向き・試験・文書のすべて

faults: system install-dev ## 強制終了・満杯・破損などの試験を繰り返し行う
	$(BIN)/python -m tests.faults $(FAULTS)

bench: install-dev ## 速さと質を測る
	$(BIN)/tsunagu bench $(BENCH)

lock: install-dev ## 依存の固定ファイルを作り直す
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra pdf --extra neo4j --group build -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra pdf --extra neo4j --group dev -o requirements-dev.lock

clean: ## 作ったものを消す
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
