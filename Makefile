# Two commands do everything on a machine with Python >= 3.11 and make: make demo, make test.
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
S := .stamps
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
export PYTHONUNBUFFERED = 1
say = @printf '\033[1m==> %s\033[0m\n' "$(1)"

.PHONY: demo test check bench docs screenshots bundle clean
demo: $(S)/assets $(S)/catalogue
	@$(BIN)/qianjun demo $(ARGS)
test: $(S)/dev $(S)/assets $(S)/catalogue
	@$(BIN)/pytest -n 2 --dist loadfile $(ARGS)
check: $(S)/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
bench: $(S)/dev $(S)/assets $(S)/catalogue
	@$(BIN)/qianjun bench $(or $(NAME),all)
docs: $(S)/dev
	@$(BIN)/python tools/reference.py
	@$(BIN)/python tools/catalogue.py
screenshots: $(S)/dev $(S)/assets $(S)/catalogue
	@$(BIN)/python tools/screenshots.py
bundle: $(S)/assets $(S)/catalogue
	@$(BIN)/python tools/bundle.py
clean:
	rm -rf $(VENV) $(S) node_modules src/qianjun/site/static/vendor
	find src -name '*.mo' -delete

$(S)/venv:
	@mkdir -p $(S)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新：make PYTHON=python3.12 demo / Python >= 3.11 is needed"; exit 1; }
	$(call say,1/4 Python 环境 / Python environment)
	@$(PYTHON) -m venv $(VENV)
	@touch $@
$(S)/runtime: $(S)/venv requirements.lock pyproject.toml
	$(call say,2/4 Python 软件包（约 30 秒）/ Python packages)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
$(S)/assets: $(S)/runtime package-lock.json tools/assets.py
	$(call say,3/4 页面资源 / Page assets)
	@$(BIN)/python tools/assets.py
	@touch $@
$(S)/catalogue: $(S)/runtime tools/catalogue.py $(wildcard src/qianjun/site/locale/*/LC_MESSAGES/*.po)
	@$(BIN)/python tools/catalogue.py --compile
	@touch $@
$(S)/dev: $(S)/runtime requirements-dev.lock
	$(call say,4/4 开发工具 / Developer tools)
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
