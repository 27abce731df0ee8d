/* An outside program: the library that was linked is the one whose header was read. */
#include <emptor.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  char expected[32];
  sprintf(expected, "%d.%d.%d", EMPTOR_VERSION_MAJOR, EMPTOR_VERSION_MINOR, EMPTOR_VERSION_PATCH);
  printf("C: version %s\n", emptor_version());
  return strcmp(expected, emptor_version()) == 0 ? 0 : 1;
}
