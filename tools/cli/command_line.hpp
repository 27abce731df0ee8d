/// The command line of a program: its commands, their options, their help. CLI11 does the work, seen by
/// `command_line.cpp` alone: it takes seconds to compile in every file that includes it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace emptor::cli {

/// What was asked for, once the command line is understood; gives the exit code.
using Run = std::function<int()>;

/// Where the value of an option goes: integers of every width, numbers, a text, or all texts that are given. What is
/// there already is the default; it lives until the command has run.
using Target = std::variant<int*, unsigned*, long*, unsigned long*, long long*, unsigned long long*, double*,
                            std::string*, std::vector<std::string>*>;

/// An option of a command, or an argument (its name has no dashes). A handle: copies are the same option.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option required() const;
  Option positive() const;
  Option not_negative() const;
  /// Values from least to most; for int, std::size_t and double.
  template <class Number>
  Option range(Number least, Number most) const;
  /// What is between the values of a list, beside blanks.
  Option separator(char between) const;
  /// The help shows the default.
  Option show_default() const;
  Option needs(Option other) const;
  Option excludes(Option other) const;

 private:
  CLI::Option* option_;
};

/// A command with its options, or the program with its commands. A handle: copies are the same command.
class Command {
 public:
  Command(CLI::App& app, Run& chosen) : app_(&app), chosen_(&chosen) {}

  /// One of its commands must be given.
  void require_subcommand() const;
  Command add_subcommand(const std::string& name, const std::string& doc) const;
  Option add_option(const std::string& name, Target target, const std::string& doc) const;
  Option add_flag(const std::string& name, bool* given, const std::string& doc) const;
  /// An option that takes one of a few names, each of which stands for a value.
  template <class Value>
  Option add_choice(const std::string& name, Value* chosen, const std::map<std::string, Value>& values,
                    const std::string& doc) const {
    std::vector<std::string> names;
    for (const auto& [key, value] : values) names.push_back(key);
    return add_name(
        name, names, [=](const std::string& given) { *chosen = values.at(given); }, doc);
  }
  /// Text after the help.
  void footer(const std::string& text) const;
  /// What is done if this command is given.
  void runs(Run run) const;

 private:
  Option add_name(const std::string& name, const std::vector<std::string>& names,
                  std::function<void(const std::string&)> take, const std::string& doc) const;

  CLI::App* app_;
  Run* chosen_;
};

/// The whole of it; must outlive its handles.
class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& doc, const std::string& version);
  ~CommandLine();

  Command program();
  /// What was asked for. Help, the version and mistakes are told at once; what is left to run then gives the exit code.
  Run parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  Run chosen_;
};

}  // namespace emptor::cli
