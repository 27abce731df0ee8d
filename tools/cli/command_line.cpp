#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include "cli/command.hpp"

namespace emptor::cli {

Option Option::required() const { return Option(*option_->required()); }
Option Option::positive() const { return Option(*option_->check(CLI::PositiveNumber)); }
Option Option::not_negative() const { return Option(*option_->check(CLI::NonNegativeNumber)); }
Option Option::separator(char between) const { return Option(*option_->delimiter(between)); }
Option Option::show_default() const { return Option(*option_->capture_default_str()); }
Option Option::needs(Option other) const { return Option(*option_->needs(other.option_)); }
Option Option::excludes(Option other) const { return Option(*option_->excludes(other.option_)); }

template <class Number>
Option Option::range(Number least, Number most) const {
  return Option(*option_->check(CLI::Range(least, most)));
}
template Option Option::range(int, int) const;
template Option Option::range(std::size_t, std::size_t) const;
template Option Option::range(double, double) const;

void Command::require_subcommand() const { app_->require_subcommand(1); }

Command Command::add_subcommand(const std::string& name, const std::string& doc) const {
  return {*app_->add_subcommand(name, doc), *chosen_};
}

Option Command::add_option(const std::string& name, Target target, const std::string& doc) const {
  return std::visit([&](auto* value) { return Option(*app_->add_option(name, *value, doc)); }, target);
}

Option Command::add_flag(const std::string& name, bool* given, const std::string& doc) const {
  return Option(*app_->add_flag(name, *given, doc));
}

Option Command::add_name(const std::string& name, const std::vector<std::string>& names,
                         std::function<void(const std::string&)> take, const std::string& doc) const {
  return Option(*app_->add_option_function(name, std::move(take), doc)->check(CLI::IsMember(names)));
}

void Command::footer(const std::string& text) const { app_->footer(text); }

void Command::runs(Run run) const {
  app_->callback([chosen = chosen_, run = std::move(run)] { *chosen = run; });
}

CommandLine::CommandLine(const std::string& name, const std::string& doc, const std::string& version)
    : app_(std::make_unique<CLI::App>(doc, name)) {
  app_->set_help_all_flag("--help-all", "Show the options of every command");
  app_->set_version_flag("--version", version);
}

CommandLine::~CommandLine() = default;

Command CommandLine::program() { return {*app_, chosen_}; }

Run CommandLine::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
    return chosen_;
  } catch (const CLI::ParseError& error) {
    const int exit = app_->exit(error) == 0 ? Exit::done : Exit::usage;
    return [exit] { return exit; };
  }
}

}  // namespace emptor::cli
