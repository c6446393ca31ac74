// Composed messages as another program reads them: Python's email package (read_messages.py).
#pragma once

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/smtp_server.h"

namespace cstims::test {

inline nlohmann::json read_messages(const std::vector<std::string>& messages) {
  const ScratchFolder folder;
  std::string command = "python3 " CSTIMS_SOURCE "/tests/mail/read_messages.py";
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto file = folder.path() / std::to_string(i);
    std::ofstream(file, std::ios::binary) << messages[i];
    command += " " + file.string();
  }
  FILE* output = popen(command.c_str(), "r");
  if (output == nullptr) throw std::runtime_error("python3 does not start");
  std::string text;
  char buffer[4096];
  for (std::size_t count = 0; (count = fread(buffer, 1, sizeof buffer, output)) > 0;) {
    text.append(buffer, count);
  }
  if (pclose(output) != 0) throw std::runtime_error("read_messages.py failed");
  return nlohmann::json::parse(text);
}

inline nlohmann::json read_message(const std::string& message) {
  return read_messages({message}).at(0);
}

}  // namespace cstims::test
