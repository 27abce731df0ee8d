// The one main of the tests. Every *_test.cpp below this folder is linked with it; ctest runs them one
// file at a time (`make test T=decimal`), so that a crash is one failed file and not a lost run.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) {
  doctest::Context context;
  context.setOption("no-intro", true);
  context.setOption("no-path-filenames", true);
  context.applyCommandLine(argc, argv);
  return context.run();
}
