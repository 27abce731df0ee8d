// Every public call by which a user may be told something, as a table: each asks once, by draws that are the same in
// both worlds of a pair.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "emptor/core/error.hpp"
#include "support/paired_worlds.hpp"
#include "support/renaming.hpp"

namespace emptor::test {

/// What one call told: the same in both worlds, or something is told of what may not be seen.
struct Told {
  std::string call;
  std::string text;
  bool full = false;  ///< an answer that tells something: no refusal, and not nothing
};

/// The user of one world, who asks.
class Asker {
 public:
  Asker(PairedWorld& world, std::uint64_t draws) : world(world), random(draws) {}

  PairedWorld& world;
  Random random;
  Renaming renaming;
  std::vector<Told> told;
  std::vector<std::string> wrong;  ///< what was done although the plan allows it to nobody

  /// Keeps the answer, or the error; an empty answer tells nothing.
  template <class Answer>
  void ask(const std::string& call, Answer&& answer) {
    try {
      std::string text = answer();
      const bool full = !text.empty();
      told.push_back({call, std::move(text), full});
    } catch (const Error& error) {
      told.push_back({call, text_of(error), false});
    }
  }
  static std::string text_of(const Error& error);

  const WorldPlan& plan() const { return world.plan(); }
  std::uint64_t draw(std::uint64_t below) { return random.below(below); }
  /// An entity, mostly one that is read.
  const Entity& entity();
  /// A field of it, often one that is kept back or follows from such a one.
  const Field& field(const Entity& entity);
  /// A customer of either kind, in both worlds or not.
  Id customer();
  Id customer(Hands hands) { return world.customer(hands, draw(8)); }
  /// A record of an entity, mostly one of both worlds.
  Id record(const Entity& entity);
  /// A value such as the worlds hold.
  Value value(const Field& field);
  Where where(const Entity& entity);
  std::string phone();
  std::string email() { return "t" + std::to_string(draw(4)) + "@example.org"; }
  std::string external_id();

  /// Must have been refused where `allowed` is false.
  void check(bool allowed, const char* what) {
    if (!allowed && told.back().full) wrong.push_back(std::string(what) + ": " + told.back().call);
  }

 private:
  Arena text_;
};

class CppAsker : public Asker {
 public:
  CppAsker(PairedWorld& world, CppGround& ground, std::uint64_t draws)
      : Asker(world, draws), ground(ground), kept(ground.session(world.user())), session(*kept) {}
  CppGround& ground;
  std::unique_ptr<Session> kept;
  Session& session;
};

class CapiAsker : public Asker {
 public:
  CapiAsker(PairedWorld& world, CapiGround& ground, std::uint64_t draws);
  ~CapiAsker();
  emptor_session* session;
  std::set<std::string>* reached = nullptr;  ///< functions of the C API that told something
};

template <class Who>
struct WorldCall {
  std::string name;
  std::uint64_t rarity = 1;  ///< asked once in so many draws of it
  std::function<void(Who&)> ask;
};

const std::vector<WorldCall<CppAsker>>& cpp_calls();
const std::vector<WorldCall<CapiAsker>>& capi_world_calls();

}  // namespace emptor::test
