// The program. Read on in the four tables: routes.cc, commands.cc, jobs.cc, settings.cc.
#include "app/commands.h"

int main(int count, char** arguments) {
  return cstims::run_program(count, arguments);
}
