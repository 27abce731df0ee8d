/// Access: who works with the customers, in which team and territory, and what each may do.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct User {
  EMPTOR_ENTITY(User, "user", 1, "a member of the staff, or a program, that acts on the store")
  std::string name;
  EMPTOR_FIELD(name, "full name", required | personal)
  std::string login;
  EMPTOR_FIELD(login, "how the host's own log-in names the user")
  std::string title;
  EMPTOR_FIELD(title, "job title")
  std::string email;
  EMPTOR_FIELD(email, "e-mail address at work", personal)
  std::string phone;
  EMPTOR_FIELD(phone, "telephone or extension at work", personal)
  Id manager_id;
  EMPTOR_FIELD(manager_id, "whom the user reports to", refers_to("user"))
  Id team_id;
  EMPTOR_FIELD(team_id, "the team", refers_to("team"))
  Id territory_id;
  EMPTOR_FIELD(territory_id, "the sales territory", refers_to("territory"))
  std::string language;
  EMPTOR_FIELD(language, "BCP 47 tag of the language of reports and reasons")
  std::optional<Date> hired_on;
  EMPTOR_FIELD(hired_on, "first day of work")
  std::optional<Date> left_on;
  EMPTOR_FIELD(left_on, "first day after the last; the user's customers are re-assigned by then")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "may act; missing is yes")
};

struct Role {
  EMPTOR_ENTITY(Role, "role", 2, "a set of permissions that users are given together")
  std::string name;
  EMPTOR_FIELD(name, "name of the role (\"agent\", \"team leader\")", required)
  std::string description;
  EMPTOR_FIELD(description, "the duty that goes with it")
};

struct Permission {
  EMPTOR_ENTITY(Permission, "permission", 3, "what a role may do with which records")
  Id role_id;
  EMPTOR_FIELD(role_id, "the role", required | refers_to("role"))
  std::string entity;
  EMPTOR_FIELD(entity, "entity that it is about; missing is every entity")
  std::string action;
  EMPTOR_FIELD(action, "what may be done; `know` answers only whether a customer is known, and who looks after them",
               required | one_of("know|read|create|update|delete|assign|merge|analyse|import|export|erase|configure"))
  std::string scope;
  EMPTOR_FIELD(scope, "whose customers' records; missing is own", one_of("own|team|team_and_below|territory|all|rule"))
  std::string rule;
  EMPTOR_FIELD(rule, "the scope as a rule, in the language of segments, where it is none of the others")
  std::string hidden_fields;
  EMPTOR_FIELD(hidden_fields, "names of fields that stay hidden, separated by commas")
  std::string masked_fields;
  EMPTOR_FIELD(masked_fields, "names of fields of which only the end is shown, separated by commas")
  std::string read_only_fields;
  EMPTOR_FIELD(read_only_fields, "names of fields that may be read and not written, separated by commas")
};

struct UserRole {
  EMPTOR_ENTITY(UserRole, "user_role", 4, "a role given to a user")
  Id user_id;
  EMPTOR_FIELD(user_id, "the user", required | refers_to("user"))
  Id role_id;
  EMPTOR_FIELD(role_id, "the role", required | refers_to("role"))
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day; missing is always")
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day; missing is for ever")
};

struct Team {
  EMPTOR_ENTITY(Team, "team", 5, "a department, business unit or group of the staff; teams form a tree")
  std::string name;
  EMPTOR_FIELD(name, "name of the team", required)
  Id parent_id;
  EMPTOR_FIELD(parent_id, "the team above", refers_to("team"))
  Id manager_id;
  EMPTOR_FIELD(manager_id, "the user who leads it", refers_to("user"))
  std::string manager_name;
  EMPTOR_FIELD(manager_name, "who leads it, where that is not a user", personal)
  std::string region;
  EMPTOR_FIELD(region, "office or region that it works from")
};

struct Territory {
  EMPTOR_ENTITY(Territory, "territory", 6, "a part of the market that somebody sells to; territories form a tree")
  std::string name;
  EMPTOR_FIELD(name, "name of the territory", required)
  std::string country;
  EMPTOR_FIELD(country, "country that it lies in")
  std::string group;
  EMPTOR_FIELD(group, "group of countries or continent")
  Id parent_id;
  EMPTOR_FIELD(parent_id, "the territory that it is a part of", refers_to("territory"))
  Id manager_id;
  EMPTOR_FIELD(manager_id, "the user who answers for it", refers_to("user"))
  std::string manager_name;
  EMPTOR_FIELD(manager_name, "who answers for it, where that is not a user", personal)
  std::optional<Date> valid_from;
  EMPTOR_FIELD(valid_from, "first day of this division of the market")
  std::optional<Date> valid_to;
  EMPTOR_FIELD(valid_to, "last day of it")
};

}  // namespace emptor
