# The everyday commands. `make demo` and `make test` are all that a newcomer needs.

JOBS ?= $(shell nproc)
export DEBIAN_FRONTEND = noninteractive

.PHONY: demo test bench python format clean release dev dependencies

dependencies:
	@tools/install_dependencies.sh

release: dependencies
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS)

dev: dependencies
	@cmake --preset dev
	@cmake --build --preset dev -j $(JOBS)

# DATA="PATHS" make demo: on your own files.
demo: dependencies
	@cmake --preset release
	@cmake --build --preset release -j $(JOBS) --target emptor_cli
	@build/release/bin/emptor demo $(DATA) --out demo-out || [ $$? -eq 1 ]  # 1: done, with refused lines

# make test T=decimal: one test file.
test: dev
	@tools/run_tests dev $(T)

# make bench ONLY=rfm ROWS=1000000 THREADS=1: one benchmark.
bench: dependencies
	@cmake --preset bench
	@cmake --build --preset bench -j $(JOBS)
	@benchmarks/run "$(ONLY)" "$(ROWS)" "$(THREADS)"

# The Python package: builds the wheel and tests it in a fresh environment.
python: dependencies
	@tools/test_python

format:
	@git ls-files '*.hpp' '*.cpp' '*.h' '*.c' | xargs clang-format -i

clean:
	rm -rf build demo-out
