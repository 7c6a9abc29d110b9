# What one types most. Each target only calls `python -m course_utils …`, which works the same inside
# any environment, without make: on Windows, with conda, in an IDE.

# The Python that makes .venv: 3.10-3.13. Another one: make setup PYTHON=/path/to/python
PYTHON ?= $(shell command -v python3 || command -v python)
UV ?= uv

VENV := .venv/bin/python
COURSE := $(VENV) -m course_utils

# The language of messages and of JupyterLab: make lab lang=zh. Without it, the system's.
LANGUAGE_OPTION := $(if $(lang),--lang $(lang))

.DEFAULT_GOAL := help
.PHONY: help setup lab test test-nobrowser test-browser lock build check execute format benchmark benchmark-live benchmark-images benchmark-evaluation benchmark-clinic clean

help: ## list the targets · 列出所有目标
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## make or repair the environment, .venv · 创建或修复运行环境 .venv
	@$(or $(PYTHON),$(error Install Python 3.11 first · 请先安装 Python 3.11)) course_utils/environment.py setup $(LANGUAGE_OPTION)

lab: setup ## open JupyterLab at the start page (lang=zh, port=8889) · 打开 JupyterLab
	@$(COURSE) lab $(LANGUAGE_OPTION) $(if $(port),--port $(port))

test: setup ## prove that everything works · 全面测试
	@$(COURSE) test $(LANGUAGE_OPTION)

test-nobrowser: setup ## all but the tests in a browser · 不运行浏览器测试
	@$(COURSE) test --no-browser $(LANGUAGE_OPTION)

test-browser: setup ## only those; pictures go to build/screenshots · 只运行浏览器测试
	@$(COURSE) test --browser $(LANGUAGE_OPTION)

build: setup ## build the notebooks from their sources · 由源文件生成笔记本
	@$(COURSE) build

execute: setup ## run the notebooks that changed · 运行有改动的笔记本
	@$(COURSE) execute

check: setup ## hold the lessons to their rules · 检查课程是否符合规则
	@$(COURSE) check

format: setup ## format the code, and mend what ruff can mend · 整理代码格式
	@$(VENV) -m ruff format .
	@$(VENV) -m ruff check --fix .

lock: ## write requirements.txt from requirements.in (needs uv; UV=…; options=--upgrade) · 更新版本锁定
	$(UV) pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" --quiet $(options) \
		requirements.in --output-file requirements.txt

benchmark: setup .venv-benchmarks ## measure our GAN step beside other libraries' · 性能对比
	@$(VENV) benchmarks/x2.py

benchmark-live: setup .venv-benchmarks ## measure the live panel in a browser (45 minutes) · 实时面板的性能
	@$(VENV) benchmarks/live.py

benchmark-images: setup .venv-benchmarks ## measure the DCGAN's speed and quality (two hours) · DCGAN 的速度与质量
	@$(VENV) benchmarks/images.py

.venv-benchmarks: benchmarks/requirements.txt
	$(VENV) -m venv --clear $@
	$@/bin/python -m pip install --disable-pip-version-check -r $<
	@touch $@

benchmark-evaluation: setup .venv-benchmarks ## measure the measures beside reference implementations · 评估指标与参考实现对比
	@$(VENV) benchmarks/evaluation.py

benchmark-clinic: setup ## measure the doctor on the zoo and on healthy trainings (an hour) · “医生”的诊断准确率
	@$(VENV) benchmarks/clinic.py

clean: ## delete caches, but not the environment · 清理缓存（保留运行环境）
	rm -rf .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find course_utils tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
