#include "support/smtp_server.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace cstims::test {

namespace {

std::string file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

struct Pipe {
  int reads = -1;
  int writes = -1;
};
Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return {ends[0], ends[1]};
}

pid_t spawn(std::vector<std::string> words, int standard_input, int standard_output,
            int standard_error = -1) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (standard_input >= 0) posix_spawn_file_actions_adddup2(&actions, standard_input, 0);
  if (standard_output >= 0) posix_spawn_file_actions_adddup2(&actions, standard_output, 1);
  if (standard_error >= 0) posix_spawn_file_actions_adddup2(&actions, standard_error, 2);
  pid_t process = -1;
  const int failed =
      posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + words.front());
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return status;
}

std::string first_line(int descriptor) {
  std::string line;
  char c = 0;
  while (read(descriptor, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

void make_certificate(const std::filesystem::path& folder, const std::string& subject) {
  const bool address = subject.find_first_not_of("0123456789.") == std::string::npos;
  const auto quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
  const pid_t process =
      spawn({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=" + subject, "-addext",
             "subjectAltName=" + std::string(address ? "IP:" : "DNS:") + subject, "-keyout",
             (folder / "key.pem").string(), "-out", (folder / "certificate.pem").string()},
            -1, quiet, quiet);
  close(quiet);
  if (wait_for(process) != 0) throw std::runtime_error("openssl made no certificate");
}

SmtpServer::SmtpServer(const std::string& script, const std::string& certified) {
  auto settings = nlohmann::json::parse(script);
  security_ = settings.value("security", "none");
  if (security_ != "none") {
    make_certificate(folder_.path(), certified);
    settings["key"] = (folder_.path() / "key.pem").string();
    settings["certificate"] = authority();
  }
  const Pipe input = make_pipe();
  const Pipe output = make_pipe();
  process_ = spawn({"node", CSTIMS_SOURCE "/tests/support/smtp_server.mjs", folder_.path().string(),
                    settings.dump()},
                   input.reads, output.writes);
  close(input.reads);
  close(output.writes);
  standard_input_ = input.writes;
  const std::string line = first_line(output.reads);
  close(output.reads);
  if (!line.starts_with("port ")) {
    stop();
    throw std::runtime_error("the SMTP server did not start (npm ci?): " + line);
  }
  port_ = std::stoi(line.substr(5));
}

SmtpServer::~SmtpServer() {
  stop();
}

void SmtpServer::stop() {
  if (process_ < 0) return;
  close(standard_input_);
  kill(process_, SIGKILL);
  wait_for(process_);
  process_ = -1;
}

std::string SmtpServer::url() const {
  return std::string(security_ == "tls" ? "smtps" : "smtp") +
         "://127.0.0.1:" + std::to_string(port_);
}

std::string SmtpServer::authority() const {
  return (folder_.path() / "certificate.pem").string();
}

SmtpOptions SmtpServer::options() const {
  SmtpOptions options{.url = url(),
                      .username = {},
                      .password = {},
                      .ca_file = {},
                      .helo = "portal.example.org",
                      .security = SmtpSecurity::none,
                      .connect_within = std::chrono::seconds(5),
                      .answer_within = std::chrono::seconds(5),
                      .send_within = std::chrono::seconds(10)};
  if (security_ == "tls") options.security = SmtpSecurity::tls;
  if (security_ == "starttls") options.security = SmtpSecurity::starttls;
  if (security_ != "none") options.ca_file = authority();
  return options;
}

std::vector<ReceivedMail> SmtpServer::messages() const {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<ReceivedMail> messages;
  for (auto file : files) {
    const auto facts = nlohmann::json::parse(file_content(file));
    messages.push_back({.from = facts["from"],
                        .to = facts["to"],
                        .secure = facts["secure"],
                        .user = facts["user"],
                        .session = facts["session"],
                        .bytes = file_content(file.replace_extension(".eml"))});
  }
  return messages;
}

}  // namespace cstims::test
